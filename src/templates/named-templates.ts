/** A model's chat templates by name. Most have only `default`; some have `tool_use` for requests with tools or `rag` for requests with documents. */
export type NamedTemplates = Readonly<Record<string, string>>;

/** What a request brings that a template may have been written for. */
export interface TemplateNeeds {
  readonly hasTools: boolean;
  readonly hasDocuments: boolean;
}

/** The template for a request: `tool_use` with tools, `rag` with documents, else `default`; undefined where there is none. Source: transformers 4.57, `get_chat_template`; vLLM 0.11. */
export function chooseTemplate(templates: NamedTemplates, { hasTools, hasDocuments }: TemplateNeeds): string | undefined {
  return (
    (hasTools ? ownTemplate(templates, 'tool_use') : undefined) ??
    (hasDocuments ? ownTemplate(templates, 'rag') : undefined) ??
    ownTemplate(templates, 'default')
  );
}

function ownTemplate(templates: NamedTemplates, name: string): string | undefined {
  return Object.hasOwn(templates, name) ? templates[name] : undefined;
}
