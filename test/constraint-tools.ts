import type { Schema } from './constraint-lengths.ts';

/** A tool of an agent, and when it is the right one. */
export interface AgentTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Schema;
}

const word: Schema = { type: 'string', minLength: 1, maxLength: 30 };
const sentence: Schema = { type: 'string', minLength: 1, maxLength: 80 };

/** Five tools of an agent in a village, the last with twelve parameters. Every call has a longest instance. */
export const agentTools: readonly AgentTool[] = [
  {
    name: 'send_message',
    description: 'Sends a message to a person',
    parameters: closed({ to: word, text: sentence }),
  },
  {
    name: 'move_to',
    description: 'Walks to a place',
    parameters: closed({ place: { enum: ['inn', 'mill', 'market', 'forest', 'castle'] }, is_running: { type: 'boolean' } }, ['place']),
  },
  {
    name: 'set_reminder',
    description: 'Reminds of something at a time',
    parameters: closed({ at: { type: 'string', format: 'date-time' }, about: sentence, repeat: { enum: ['never', 'daily', 'weekly'] } }),
  },
  {
    name: 'search_memory',
    description: 'Looks up what was seen and heard',
    parameters: closed(
      {
        query: sentence,
        most: { type: 'integer', minimum: 1, maximum: 50 },
        tags: { type: 'array', maxItems: 3, items: word },
        since: { type: ['string', 'null'], format: 'date' },
      },
      ['query'],
    ),
  },
  {
    name: 'create_person',
    description: 'Adds a person to the village',
    parameters: closed({
      name: { type: 'string', pattern: '^[A-Z][a-z]{1,11}$' },
      age: { type: 'integer', minimum: 0, maximum: 120 },
      trade: { enum: ['smith', 'hunter', 'healer', 'guard', 'trader', 'none'] },
      home: word,
      mood: { enum: ['calm', 'angry', 'afraid', 'glad'] },
      is_friendly: { type: 'boolean' },
      coins: { type: 'integer', minimum: 0, maximum: 1000 },
      strength: { type: 'number', minimum: 0, maximum: 1, multipleOf: 0.01 },
      born: { type: 'string', format: 'date' },
      skills: { type: 'array', maxItems: 3, items: word },
      family: closed({ mother: { type: ['string', 'null'], maxLength: 20 }, children: { type: 'integer', minimum: 0, maximum: 12 } }),
      secret: sentence,
    }),
  },
];

/** Tools in the form of a request's `tools`. */
export function describeTools(tools: readonly AgentTool[]): readonly unknown[] {
  return tools.map((tool) => ({ type: 'function', function: tool }));
}

function closed(properties: Readonly<Record<string, Schema>>, required: readonly string[] = Object.keys(properties)): Schema {
  return { type: 'object', properties, required, additionalProperties: false };
}
