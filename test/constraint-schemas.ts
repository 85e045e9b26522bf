import type { Schema } from './constraint-lengths.ts';

/** A text that an agent's program wants in an exact form: how it is asked for, and what it must be. */
export interface TextWish<Form> {
  readonly name: string;
  /** the wish in words; the situation follows on a line of its own */
  readonly ask: string;
  readonly form: Form;
}

const ability = { type: 'integer', minimum: 3, maximum: 18 };

/** What agents of a simulation are asked for as JSON. The scene's description and the depth of the thought tree have no bound, the others are bounded. */
export const schemaWishes: readonly TextWish<Schema>[] = [
  {
    name: 'action',
    ask: 'Decide what this person does next.',
    form: closed({
      thought: { type: 'string', maxLength: 80 },
      action: { enum: ['move', 'speak', 'work', 'rest', 'hide', 'wait'] },
      target: { type: ['string', 'null'], maxLength: 30 },
      urgency: { type: 'integer', minimum: 1, maximum: 10 },
    }),
  },
  {
    name: 'plan',
    ask: 'Make a plan of at most four steps.',
    form: closed({
      goal: { type: 'string', minLength: 5, maxLength: 60 },
      deadline: { type: 'string', format: 'date' },
      steps: {
        type: 'array',
        minItems: 1,
        maxItems: 4,
        items: closed({
          id: { type: 'integer', minimum: 1, maximum: 9 },
          task: { type: 'string', minLength: 3, maxLength: 60 },
          status: { enum: ['open', 'doing', 'done'] },
          needs: { type: 'array', maxItems: 3, items: { type: 'integer', minimum: 1, maximum: 9 } },
        }),
      },
    }),
  },
  {
    name: 'scene',
    ask: 'Describe the place and who is there.',
    form: closed(
      {
        description: { type: 'string' },
        place: closed({
          name: { type: 'string', maxLength: 40 },
          indoors: { type: 'boolean' },
          weather: { anyOf: [{ enum: ['sun', 'rain', 'snow', 'fog'] }, { type: 'null' }] },
        }),
        persons: {
          type: 'array',
          maxItems: 3,
          items: closed({
            name: { type: 'string', pattern: '^[A-Z][a-z]{1,11}$' },
            mood: { enum: ['calm', 'angry', 'afraid', 'glad'] },
            carries: { type: 'array', maxItems: 2, items: { type: 'string', maxLength: 20 } },
          }),
        },
        exits: { type: 'object', patternProperties: { '^(north|south|east|west)$': { type: 'boolean' } }, additionalProperties: false },
      },
      ['description', 'place', 'persons'],
    ),
  },
  {
    name: 'thought tree',
    ask: 'Think about what to do: an idea, how good it is from 0 to 1, and better ideas that follow from it.',
    form: {
      $ref: '#/$defs/thought',
      $defs: {
        thought: closed({
          idea: { type: 'string', minLength: 3, maxLength: 60 },
          score: { type: 'number', minimum: 0, maximum: 1 },
          branches: { type: 'array', maxItems: 2, items: { $ref: '#/$defs/thought' } },
        }),
      },
    },
  },
  {
    name: 'character',
    ask: 'Write the character sheet of this person.',
    form: closed(
      {
        name: { type: 'string', pattern: '^[A-Z][a-z]{1,11}( [A-Z][a-z]{1,11})?$' },
        trade: { enum: ['smith', 'hunter', 'healer', 'guard', 'trader'] },
        level: { type: 'integer', minimum: 1, maximum: 20 },
        abilities: closed({ strength: ability, wits: ability, charm: ability }),
        health: { type: 'number', exclusiveMinimum: 0, maximum: 100, multipleOf: 0.1 },
        born: { type: 'string', format: 'date' },
        key: { type: 'string', pattern: '^[A-F0-9]{4}-[0-9]{2}$' },
        pack: { type: 'array', minItems: 1, maxItems: 3, items: { type: 'string', minLength: 2, maxLength: 20 } },
        motto: { type: 'string', maxLength: 60 },
      },
      ['name', 'trade', 'level', 'abilities', 'health', 'born', 'key', 'pack'],
    ),
  },
];

/** Forms below JSON. The list of words has no end, the others have. */
export const patternWishes: readonly TextWish<string>[] = [
  { name: 'time', ask: 'At what time does it happen? Answer with a time such as 07:45.', form: '([01][0-9]|2[0-3]):[0-5][0-9]' },
  { name: 'ticket', ask: 'Answer with the number of a report about it, such as AB-1234.', form: '[A-Z]{2,4}-[0-9]{3,5}' },
  {
    name: 'walk',
    ask: 'Where does this person walk? Answer with up to five directions.',
    form: '(north|south|east|west)(, (north|south|east|west)){0,4}',
  },
  {
    name: 'rating',
    ask: 'How dangerous is it? Answer like this: Danger: 7/10 - a few words why.',
    form: "Danger: (10|[0-9])/10 - [A-Za-z ,']{10,60}\\.",
  },
  { name: 'words', ask: 'Which things are there? Answer with words in small letters.', form: '[a-z]+(, [a-z]+)*' },
];

/** Lists to choose from: short ones, whole sentences, other scripts, and words that begin one another. */
export const choiceWishes: readonly TextWish<readonly string[]>[] = [
  { name: 'vote', ask: 'Is this person in danger?', form: ['yes', 'no', 'abstain'] },
  { name: 'move', ask: 'Where does this person go?', form: ['go', 'go north', 'go north-east', 'go home', 'stay'] },
  {
    name: 'reply',
    ask: 'What does this person say?',
    form: ['I will help you.', 'Leave me alone!', 'What do you mean by "danger"?', 'Let us wait until the morning, then decide.'],
  },
  { name: 'mood', ask: 'How does this person feel?', form: ['😀 glad', '😢 sad', '😠 angry', 'überrascht', '平静'] },
  { name: 'number', ask: 'How many people take part?', form: Array.from({ length: 30 }, (_, at) => String(at)) },
];

/** What the wishes are about. */
export const situations: readonly string[] = [
  'Mira the smith hears a noise in her workshop at night.',
  'Old Tom has lost his dog in the forest, and it begins to rain.',
  'A stranger with a wooden box knocks at the door of the inn.',
  'Lena the healer finds a wounded guard at the river.',
  'Two traders quarrel about the price of salt on the market.',
  'The bridge is broken, and Jonas has to bring a letter to the castle by tomorrow.',
  'Smoke rises behind the mill while everybody is at the feast.',
  'Ada finds a map under the floor of the library.',
  'A wolf has been seen near the sheep of the village.',
  'Bruno the hunter owes the mayor three silver coins.',
];

function closed(properties: Readonly<Record<string, Schema>>, required: readonly string[] = Object.keys(properties)): Schema {
  return { type: 'object', properties, required, additionalProperties: false };
}
