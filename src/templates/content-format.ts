import type { Expression, ForNode, Statement } from '../jinja/ast.ts';
import { JinjaError } from '../jinja/errors.ts';
import { normaliseSource } from '../jinja/lexer.ts';
import { parseTemplate } from '../jinja/parser.ts';

/** How a template wants a message's content: one text, or a list of `{type: 'text', text}`. */
export type ContentFormat = 'string' | 'parts';

/**
 * Finds how a template wants content, from its source alone: `parts` when it loops over the `content` of a message or over a variable of that name,
 * else `string`, also when the source is no template. Source: vLLM, `--chat-template-content-format auto`, which must decide the same.
 */
export function findContentFormat(source: string): ContentFormat {
  const statements = parseOrNothing(source).flatMap(flatten);
  const loops = statements.filter((statement) => statement.kind === 'for');
  const lists = findLists(statements);
  const messages = lists && findItems(loops, lists);
  if (messages === undefined) return 'string';
  const found = loops.find(({ iterable }) => isName(iterable, 'content') || messages.some((name) => reads(iterable, name, 'content')));
  return found?.target.kind === 'name' ? 'parts' : 'string';
}

function parseOrNothing(source: string): readonly Statement[] {
  try {
    return parseTemplate(normaliseSource(source));
  } catch (error) {
    if (error instanceof JinjaError) return [];
    throw error;
  }
}

/** A statement and all inside it, in the order of the source. */
function flatten(statement: Statement): readonly Statement[] {
  return [statement, ...insideOf(statement).flatMap(flatten)];
}

function insideOf(statement: Statement): readonly Statement[] {
  if (statement.kind === 'if') return [...statement.body, ...statement.elifs, ...statement.otherwise];
  if (statement.kind === 'for') return [...statement.body, ...statement.otherwise];
  return 'body' in statement ? statement.body : [];
}

/** `messages` and every variable that was made of it. Undefined where one is made in a way that the rule cannot follow (`set ns.list = messages`). */
function findLists(statements: readonly Statement[]): readonly string[] | undefined {
  const lists = ['messages'];
  for (const list of lists) {
    for (const statement of statements) {
      if (statement.kind !== 'set' || !reads(statement.value, list)) continue;
      if (statement.target.kind !== 'name') return undefined;
      if (!lists.includes(statement.target.name)) lists.push(statement.target.name);
    }
  }
  return lists;
}

/** The variables that loop over one of the lists. Undefined where a loop takes the messages apart. */
function findItems(loops: readonly ForNode[], lists: readonly string[]): readonly string[] | undefined {
  const items: string[] = [];
  for (const { iterable, target } of loops) {
    if (!lists.some((list) => reads(iterable, list))) continue;
    if (target.kind !== 'name') return undefined;
    items.push(target.name);
  }
  return items;
}

/** Whether an expression is this variable, or its `key`, perhaps behind filters, tests and slices. */
function reads(node: Expression, name: string, key?: string): boolean {
  if (node.kind === 'filter') return node.value !== undefined && reads(node.value, name, key);
  if (node.kind === 'test') return reads(node.value, name, key);
  if (node.kind === 'item' && node.key.kind === 'slice') return reads(node.value, name, key);
  if (key === undefined) return isName(node, name);
  if (node.kind === 'item') return isName(node.value, name) && node.key.kind === 'const' && node.key.value === key;
  return node.kind === 'attribute' && node.name === key && isName(node.value, name);
}

function isName(node: Expression, name: string): boolean {
  return node.kind === 'name' && node.name === name;
}
