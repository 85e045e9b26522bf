/** A response that our own reader does not take, as it could be read in two ways or servers rarely write such: another reader is to be asked. */
export class Surprise extends Error {
  override readonly name = 'Surprise';

  constructor(what: string) {
    super(`no ordinary HTTP/1.1: ${what}`);
  }
}
