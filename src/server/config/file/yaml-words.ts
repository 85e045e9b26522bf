import type { ErrorCode } from 'yaml';

/** What is wrong with a text that is no YAML, in our words: the parser's own may repeat the text, which may be a secret. */
export const yamlWords: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias (`*name`) can have no anchor or tag of its own.',
  BAD_ALIAS: 'there is no anchor of this name above it; anchors are written `&name`.',
  BAD_COLLECTION_TYPE: 'the tag does not fit the value after it. Leave the tag out.',
  BAD_DIRECTIVE: 'lines that begin with % are for YAML itself, and this is none of them. Quote the text, or leave the line out.',
  BAD_DQ_ESCAPE: 'in double quotes a backslash begins an escape, and this is none. Write it twice, or use single quotes.',
  BAD_INDENT: 'the indentation does not fit: keys of one map, and elements of one list, begin in the same column.',
  BAD_PROP_ORDER: 'anchors and tags come before the value, on its line.',
  BAD_SCALAR_START: 'a value cannot begin with this character. Put it in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'a second `key:` cannot stand here. Expected one `key: value` a line, at the indentation of its map.',
  BLOCK_IN_FLOW: 'inside [ ] and { } everything is written in their own form, without dashes and indentation.',
  DUPLICATE_KEY: 'this key is in the same map twice. Remove one of them.',
  IMPOSSIBLE: 'this cannot be read as YAML.',
  KEY_OVER_1024_CHARS: 'a key has at most 1024 characters. Perhaps a quote is missing.',
  MISSING_CHAR: 'something that was opened is not closed, or a `:` is missing. Expected a closing quote or bracket, or `key: value`.',
  MULTILINE_IMPLICIT_KEY: 'a key stands on one line. Perhaps a `:` or a quote is missing.',
  MULTIPLE_ANCHORS: 'a value has one anchor at most.',
  MULTIPLE_DOCS: 'a file holds one document. Remove the line `---` and split the file, or use `include`.',
  MULTIPLE_TAGS: 'a value has one tag at most.',
  NON_STRING_KEY: 'keys are texts.',
  RESOURCE_EXHAUSTION: 'the file is nested too deeply to be read.',
  TAB_AS_INDENT: 'there is a tab in the indentation. Expected spaces.',
  TAG_RESOLVE_FAILED: 'tags (`!name`) are not used here. Leave it out.',
  UNEXPECTED_TOKEN: 'this was not expected here. Check the indentation and quotes of this line and the one before.',
};
