import { chargeLetters } from './budget.ts';
import { typeError } from './errors.ts';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

const two = (value: number, pad = '0') => String(value).padStart(2, pad);

/** Python's `datetime.strftime` in the C locale, in the process's time zone. An unknown code is printed as it stands. */
export function formatTime(now: Date, format: string): string {
  // a code can take a dozen letters
  chargeLetters(format.length * 12);
  return format.replace(/%([-_0^#]?)([A-Za-z%])/g, (whole, flag: string, code: string) => {
    const field = fields[code];
    if (field === undefined) return whole;
    const text = field(now);
    if (flag === '-') return text.replace(/^[0 ]+(?=\d)/, '');
    if (flag === '_') return text.replace(/^0+(?=\d)/, (zeros) => ' '.repeat(zeros.length));
    if (flag === '0') return text.replace(/^ +/, (blanks) => '0'.repeat(blanks.length));
    return flag === '^' ? text.toUpperCase() : text;
  });
}

const fields: Readonly<Record<string, (now: Date) => string>> = {
  a: (now) => dayName(now).slice(0, 3),
  A: dayName,
  b: (now) => monthName(now).slice(0, 3),
  B: monthName,
  c: (now) => formatTime(now, '%a %b %e %H:%M:%S %Y'),
  C: (now) => two(Math.floor(now.getFullYear() / 100)),
  d: (now) => two(now.getDate()),
  D: (now) => formatTime(now, '%m/%d/%y'),
  e: (now) => two(now.getDate(), ' '),
  f: (now) => String(now.getMilliseconds() * 1000).padStart(6, '0'),
  F: (now) => formatTime(now, '%Y-%m-%d'),
  g: (now) => two(isoWeek(now).year % 100),
  G: (now) => String(isoWeek(now).year),
  h: (now) => monthName(now).slice(0, 3),
  H: (now) => two(now.getHours()),
  I: (now) => two(now.getHours() % 12 || 12),
  j: (now) => String(dayOfYear(now)).padStart(3, '0'),
  k: (now) => two(now.getHours(), ' '),
  l: (now) => two(now.getHours() % 12 || 12, ' '),
  m: (now) => two(now.getMonth() + 1),
  M: (now) => two(now.getMinutes()),
  n: () => '\n',
  p: (now) => (now.getHours() < 12 ? 'AM' : 'PM'),
  P: (now) => (now.getHours() < 12 ? 'am' : 'pm'),
  r: (now) => formatTime(now, '%I:%M:%S %p'),
  R: (now) => formatTime(now, '%H:%M'),
  s: (now) => String(Math.floor(now.getTime() / 1000)),
  S: (now) => two(now.getSeconds()),
  t: () => '\t',
  T: (now) => formatTime(now, '%H:%M:%S'),
  u: (now) => String(now.getDay() || 7),
  U: (now) => two(Math.floor((dayOfYear(now) + 6 - now.getDay()) / 7)),
  V: (now) => two(isoWeek(now).week),
  w: (now) => String(now.getDay()),
  W: (now) => two(Math.floor((dayOfYear(now) + 6 - ((now.getDay() + 6) % 7)) / 7)),
  x: (now) => formatTime(now, '%m/%d/%y'),
  X: (now) => formatTime(now, '%H:%M:%S'),
  y: (now) => two(now.getFullYear() % 100),
  Y: (now) => String(now.getFullYear()),
  // datetime.now() knows no zone
  z: () => '',
  Z: () => '',
  '%': () => '%',
};

function dayName(now: Date): string {
  return days[now.getDay()] ?? failDate();
}

function monthName(now: Date): string {
  return months[now.getMonth()] ?? failDate();
}

function failDate(): never {
  throw typeError('The clock gives no valid date.');
}

function dayOfYear(now: Date): number {
  const start = Date.UTC(now.getFullYear(), 0, 1);
  return Math.round((Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) - start) / 86_400_000) + 1;
}

/** The week that holds the year's first Thursday is week 1. */
function isoWeek(now: Date): { readonly year: number; readonly week: number } {
  const thursday = new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate() + 4 - (now.getDay() || 7)));
  const year = thursday.getUTCFullYear();
  return { year, week: Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / 604_800_000) + 1 };
}
