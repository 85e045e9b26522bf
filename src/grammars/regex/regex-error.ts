import { GatewayError } from '../../protocol/error.ts';

/** Why a pattern can't be used: it is no regular expression, it needs more than one (look-around, backreferences), or it is too large. `code` is `invalid_request`. */
export class RegexError extends GatewayError {
  readonly reason: 'invalid' | 'unsupported' | 'too-large';

  constructor(reason: RegexError['reason'], message: string) {
    super('invalid_request', message);
    this.reason = reason;
  }
}
