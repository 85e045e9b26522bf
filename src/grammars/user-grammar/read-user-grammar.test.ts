import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepts } from '../match.ts';
import { readUserGrammar } from './read-user-grammar.ts';

const cases: readonly (readonly [grammar: string, accepted: readonly string[], refused: readonly string[]])[] = [
  ['root ::= "yes" | "no"', ['yes', 'no'], ['', 'yesno', 'y']],
  ['root ::= [a-c]+ [^0-9]? "-"{2,3}', ['ab--', 'c!---'], ['--', 'a-', 'a1--', 'a-----']],
  ['root ::= item (", " item)*\nitem ::= [0-9]{1,2}', ['1', '1, 22'], ['', '1,2', '123']],
  ['# a list\nroot ::=\n  "a" # first\n  | "b"\n  | ( "c"\n    "d" )\n', ['a', 'b', 'cd'], ['c']],
  ['root ::= expr\nexpr ::= "(" expr ")" | "x"', ['x', '((x))'], ['(x', '']],
  ['root ::= "\\"\\\\\\n\\t\\x41\\u00e9\\U0001F600" [\\]\\-a-]', ['"\\\n\tAé😀]', '"\\\n\tAé😀-'], ['"']],
  ['root ::= .', ['x', '😀', '\n'], ['', 'xx']],
  ['root ::= rule_one rule-two\nrule_one ::= "1"\nrule-two ::= "2"', ['12'], ['1']],
  ['root ::= "a"{3,} "b"{,2} "c"{2}', ['aaacc', 'aaaabbcc'], ['aacc', 'aaabbbcc']],
  ['root ::= "a"\n\n\nother ::= "b"', ['a'], ['b']],
];

for (const [grammar, accepted, refused] of cases) {
  test(`${JSON.stringify(grammar)} is read`, () => {
    const read = readUserGrammar(grammar);
    for (const text of accepted) assert.ok(accepts(read, text), text);
    for (const text of refused) assert.ok(!accepts(read, text), text);
  });
}

const faults: readonly (readonly [string, RegExp])[] = [
  ['', /no rule `root`/],
  ['start: "a"', /the name|`::=`|Lark/],
  ['root := "a"', /`::=` was expected at line 1, column 6/],
  ['root ::= "a', /no end/],
  ['root ::= [a', /no end/],
  ['root ::= []', /allows no character/],
  ['root ::= [z-a]', /begins behind its end/],
  ['root ::= ("a"', /`\)` was expected/],
  ['root ::= "a")', /"\)" is not expected/],
  ['root ::= other', /not defined/],
  ['root ::= root "a"', /begins with itself/],
  ['root ::= "a"\nroot ::= "b"', /defined twice/],
  ['root ::= "a"{4,2}', /never met/],
  ['root ::= "a"{x}', /bounds/],
  ['root ::= "a"{99999}', /more than 10000 times/],
  ['root ::= "\\xZZ"', /hexadecimal/],
  [`root ::= ${'('.repeat(5000)}"a"${')'.repeat(5000)}`, /nest deeper/],
  [`root ::= ${'"a" '.repeat(21_000)}`, /too large|characters/],
  [`root ::= "${'a'.repeat(70_000)}"`, /characters; at most/],
];

for (const [grammar, message] of faults) {
  test(`${JSON.stringify(grammar.slice(0, 40))} is refused with its place`, () => {
    assert.throws(() => readUserGrammar(grammar), { code: 'invalid_request', message });
  });
}
