/**
 * Ids of calls as the API takes them: letters, digits, `_` and `-`, each once in a conversation. Other models write `functions.f:0` or use `call_1` in every turn;
 * such ids are spelled anew, the same way each time, and a result goes to the last call of its id.
 */
export class CallIds {
  readonly #current = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** The id of a call. */
  open(id: string): string {
    const spelled = id.replace(/[^a-zA-Z0-9_-]/g, (letter) => `_${letter.charCodeAt(0).toString(16)}_`);
    let free = spelled;
    for (let count = 2; this.#taken.has(free); count++) free = `${spelled}-${count}`;
    this.#taken.add(free);
    this.#current.set(id, free);
    return free;
  }

  /** The id of the call that a result is for. */
  find(id: string): string {
    return this.#current.get(id) ?? id;
  }
}
