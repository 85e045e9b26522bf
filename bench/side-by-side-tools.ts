import type { Schema } from '../test/constraint-lengths.ts';
import type { AgentTool } from '../test/constraint-tools.ts';

/** A tool with something to ask for that needs it. */
export interface VillageTool {
  readonly tool: AgentTool;
  /** what the tool says when it was called */
  readonly result: string;
  /** Words that ask for a call, and its right arguments; other ones each time. */
  wish(): { readonly words: string; readonly arguments: Readonly<Record<string, unknown>> };
}

const people = ['Mira', 'Tom', 'Lena', 'Jonas', 'Ada', 'Bruno', 'Clara', 'Felix', 'Greta', 'Hugo'];
const places = ['inn', 'mill', 'market', 'forest', 'castle', 'harbour', 'church', 'well'];
const things = ['lamp', 'horse', 'letter', 'knife', 'bread', 'goat', 'rope', 'apple'];
const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const rooms = ['kitchen', 'cellar', 'hall', 'attic', 'stable'];
const colours = ['red', 'green', 'blue', 'white', 'yellow'];
const crops = ['wheat', 'beans', 'carrots', 'onions', 'pumpkins'];
const dishes = ['soup', 'stew', 'pie', 'porridge', 'pancakes'];

/** The arguments of each have few words and bounds, so that a call fits 64 tokens. */
export function makeVillageTools(random: () => number): readonly VillageTool[] {
  const number = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const one = <Item>(items: readonly Item[]) => items[number(0, items.length - 1)] as Item;
  const some = (items: readonly string[], count: number) => {
    const first = number(0, items.length - 1);
    return Array.from({ length: count }, (_, at) => items[(first + at) % items.length] as string);
  };
  const chance: Chance = { number, one, some };
  return makers.map((make) => make(chance));
}

interface Chance {
  number(least: number, most: number): number;
  one<Item>(items: readonly Item[]): Item;
  /** neighbours in the list */
  some(items: readonly string[], count: number): readonly string[];
}

const makers: readonly ((chance: Chance) => VillageTool)[] = [
  moveTo,
  sendMessage,
  setAlarm,
  bookTable,
  buy,
  searchMemory,
  setLight,
  give,
  plant,
  cook,
];

function moveTo({ one, some }: Chance): VillageTool {
  const known = some(places, 4);
  return {
    tool: describe('move_to', 'Walks or runs to a place', { place: option(known), is_running: { type: 'boolean' } }),
    result: 'arrived',
    wish() {
      const place = one(known);
      const isRunning = one([true, false]);
      return { words: `${isRunning ? 'Run' : 'Walk'} to the ${place}.`, arguments: { place, is_running: isRunning } };
    },
  };
}

function sendMessage({ one }: Chance): VillageTool {
  return {
    tool: describe('send_message', 'Sends a message to a person', { to: text(12), text: text(40) }),
    result: 'sent',
    wish() {
      const to = one(people);
      const thing = one(things);
      return { words: `Send ${to} a message: the ${thing} is found.`, arguments: { to, text: `The ${thing} is found.` } };
    },
  };
}

function setAlarm({ number, one }: Chance): VillageTool {
  const repeats = ['never', 'daily', 'weekly'];
  return {
    tool: describe('set_alarm', 'Rings a bell at a time', { hour: whole(0, 23), minute: whole(0, 59), repeat: option(repeats) }),
    result: 'the bell is set',
    wish() {
      const hour = number(5, 22);
      const minute = number(10, 59);
      const repeat = one(repeats);
      return { words: `Ring the bell at ${hour}:${minute}, repeat: ${repeat}.`, arguments: { hour, minute, repeat } };
    },
  };
}

function bookTable({ number, one, some }: Chance): VillageTool {
  const most = number(4, 12);
  const open = some(days, 5);
  const at = closed({ day: option(open), hour: whole(11, 22) });
  return {
    tool: describe('book_table', 'Books a table at the inn', { guests: whole(1, most), at }),
    result: 'booked',
    wish() {
      const guests = number(2, most);
      const day = one(open);
      const hour = number(11, 22);
      return { words: `Book a table for ${guests} on ${day} at ${hour} o'clock.`, arguments: { guests, at: { day, hour } } };
    },
  };
}

function buy({ number, one, some }: Chance): VillageTool {
  const most = number(5, 50);
  const sold = some(things, 5);
  return {
    tool: describe('buy', 'Buys something at the market', { what: option(sold), amount: whole(1, most) }),
    result: 'bought',
    wish() {
      const what = one(sold);
      const amount = number(1, most);
      return { words: `Buy this at the market: ${what}, ${amount} of it.`, arguments: { what, amount } };
    },
  };
}

function searchMemory({ number, one }: Chance): VillageTool {
  const most = number(5, 20);
  return {
    tool: describe('search_memory', 'Looks up what was seen and heard', { query: text(24), most: whole(1, most) }),
    result: 'nothing',
    wish() {
      const query = one([...people, ...things]);
      const wanted = number(1, most);
      return { words: `Search your memory for ${query}, ${wanted} entries at most.`, arguments: { query, most: wanted } };
    },
  };
}

function setLight({ number, one, some }: Chance): VillageTool {
  const lit = some(rooms, 3);
  const state = closed({ brightness: whole(0, 100), colour: option(colours) });
  return {
    tool: describe('set_light', 'Changes the light of a room', { room: option(lit), state }),
    result: 'done',
    wish() {
      const room = one(lit);
      const brightness = number(1, 100);
      const colour = one(colours);
      return {
        words: `Make the light of the ${room} ${colour}, brightness ${brightness}.`,
        arguments: { room, state: { brightness, colour } },
      };
    },
  };
}

function give({ number, one, some }: Chance): VillageTool {
  const owned = some(things, 4);
  const most = number(3, 9);
  const gift = closed({ thing: option(owned), amount: whole(1, most) });
  return {
    tool: describe('give', 'Gives something to a person', { to: text(12), gift }),
    result: 'thank you',
    wish() {
      const to = one(people);
      const thing = one(owned);
      const amount = number(1, most);
      return { words: `Give ${to} a present: ${thing}, ${amount} of it.`, arguments: { to, gift: { thing, amount } } };
    },
  };
}

function plant({ number, one, some }: Chance): VillageTool {
  const seeds = some(crops, 3);
  const most = number(4, 30);
  return {
    tool: describe('plant', 'Plants a crop in a row of the field', { crop: option(seeds), row: whole(1, most) }),
    result: 'planted',
    wish() {
      const crop = one(seeds);
      const row = number(1, most);
      return { words: `Plant ${crop} in row ${row}.`, arguments: { crop, row } };
    },
  };
}

function cook({ number, one, some }: Chance): VillageTool {
  const known = some(dishes, 4);
  const parameters: Members = { dish: option(known), portions: whole(1, 12), is_spicy: { type: 'boolean' } };
  return {
    tool: describe('cook', 'Cooks a dish', parameters),
    result: 'it is ready',
    wish() {
      const dish = one(known);
      const portions = number(1, 12);
      const isSpicy = one([true, false]);
      const words = `Cook ${dish}, ${portions} portions, ${isSpicy ? 'spicy' : 'not spicy'}.`;
      return { words, arguments: { dish, portions, is_spicy: isSpicy } };
    },
  };
}

type Members = Readonly<Record<string, Schema>>;

function describe(name: string, description: string, properties: Members): AgentTool {
  return { name, description, parameters: closed(properties) };
}

function closed(properties: Members): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function whole(minimum: number, maximum: number): Schema {
  return { type: 'integer', minimum, maximum };
}

function option(values: readonly string[]): Schema {
  return { type: 'string', enum: values };
}

function text(maxLength: number): Schema {
  return { type: 'string', minLength: 1, maxLength };
}
