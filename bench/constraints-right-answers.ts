import type { AgentTool } from '../test/constraint-tools.ts';

/** A request with one right answer: what is said, and the arguments of the call that it asks for. */
export interface RightAnswer {
  readonly tool: AgentTool;
  readonly words: string;
  readonly right: Readonly<Record<string, string | number>>;
}

const people = ['Mira', 'Tom', 'Lena', 'Jonas', 'Ada', 'Bruno', 'Clara', 'Felix', 'Greta', 'Hugo'];
const cities = ['Rome', 'Paris', 'Vienna', 'Madrid', 'Oslo', 'Lisbon', 'Prague', 'Athens', 'Dublin', 'Berlin'];
const houses = ['Lella', 'Fontana', 'Aurora', 'Bella', 'Corona', 'Luna', 'Olivia', 'Roma', 'Stella', 'Verde'];
const feasts = ['Harvest feast', 'Wedding', 'Market day', 'Concert', 'Council', 'Horse race', 'School play', 'Parade', 'Picnic', 'Auction'];
const rooms = ['kitchen', 'bedroom', 'hall', 'cellar', 'garden'];
const colours = ['red', 'green', 'blue', 'white'];
const news = ['the bridge is broken', 'dinner is ready', 'the wolf is back', 'the mill burns', 'we leave at dawn'];

const text = { type: 'string', minLength: 1, maxLength: 40 };
const whole = (maximum: number) => ({ type: 'integer', minimum: 0, maximum });

const bookTable = makeTool('book_table', 'Books a table in a restaurant', {
  people: whole(20),
  time: { type: 'string', pattern: '^[0-9]{2}:[0-9]{2}$', description: 'such as 07:45' },
  restaurant: text,
  city: text,
});
const giveCoins = makeTool('give_coins', 'Gives coins from one person to another', { from: text, to: text, amount: whole(1000) });
const setLamp = makeTool('set_lamp', 'Sets the light of a room', {
  room: { enum: rooms },
  percent: whole(100),
  colour: { enum: colours },
});
const addEvent = makeTool('add_event', 'Adds an event to the calendar', {
  title: text,
  date: { type: 'string', format: 'date', description: 'such as 2026-01-31' },
  hours: whole(24),
});
const sendMessage = makeTool('send_message', 'Sends a message to a person', { to: text, text });

/** Fifty of them, ten for each of five tools. */
export const rightAnswers: readonly RightAnswer[] = Array.from({ length: 10 }, (_, at) => makeFive(at)).flat();

function makeFive(at: number): readonly RightAnswer[] {
  const person = pick(people, at);
  const other = pick(people, at + 3);
  const time = `${12 + at}:${at % 2 === 0 ? '30' : '15'}`;
  const restaurant = `Trattoria ${pick(houses, at)}`;
  const date = `2026-0${1 + (at % 9)}-${11 + at}`;
  const percent = 10 * (at + 1);
  return [
    {
      tool: bookTable,
      words: `Book a table for ${at + 2} people at ${time} at ${pick(cities, at)}'s ${restaurant}.`,
      right: { people: at + 2, time, restaurant, city: pick(cities, at) },
    },
    {
      tool: giveCoins,
      words: `${person} pays ${other} ${7 * (at + 1)} coins.`,
      right: { from: person, to: other, amount: 7 * (at + 1) },
    },
    {
      tool: setLamp,
      words: `Make the light in the ${pick(rooms, at)} ${pick(colours, at)} at ${percent} percent.`,
      right: { room: pick(rooms, at), percent, colour: pick(colours, at) },
    },
    {
      tool: addEvent,
      words: `Put "${pick(feasts, at)}" into the calendar on ${date}, for ${at + 1} hours.`,
      right: { title: pick(feasts, at), date, hours: at + 1 },
    },
    {
      tool: sendMessage,
      words: `Send ${person} the message "${pick(news, at)}".`,
      right: { to: person, text: pick(news, at) },
    },
  ];
}

function makeTool(name: string, description: string, properties: NonNullable<AgentTool['parameters']['properties']>): AgentTool {
  return { name, description, parameters: { type: 'object', properties, required: Object.keys(properties), additionalProperties: false } };
}

function pick(list: readonly string[], at: number): string {
  return list[at % list.length] ?? '';
}
