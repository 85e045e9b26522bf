/** One server-sent event without a name. Line breaks in the text (JSON has none) become several data lines. */
export function sseData(json: string): string {
  return `data: ${hasLineBreak(json) ? json.replaceAll(lineBreaks, '\ndata: ') : json}\n\n`;
}

/** One server-sent event with a name, which must not hold line breaks. */
export function sseEvent(name: string, json: string): string {
  return `event: ${name}\n${sseData(json)}`;
}

/** A line that clients skip; it keeps connections through proxies open. */
export function sseComment(text: string): string {
  return `: ${hasLineBreak(text) ? text.replaceAll(lineBreaks, '\n: ') : text}\n\n`;
}

const lineBreaks = /\r\n|\r|\n/g;

function hasLineBreak(text: string): boolean {
  return text.includes('\n') || text.includes('\r');
}
