import type { CallState, FinishReason, GenerateEvent, IssueCode } from '../../protocol/event.ts';
import type { Usage } from '../../protocol/usage.ts';

/** What an answer was made of, gathered from its events. */
export class AnswerTally {
  /** one for each choice that ended */
  readonly finishes: FinishReason[] = [];
  /** one for each tool call that ended */
  readonly calls: CallState[] = [];
  readonly issues: IssueCode[] = [];
  usage: Usage | undefined;

  /** Gives whether the event is a piece of the answer, which a caller reads. */
  note(event: GenerateEvent): boolean {
    switch (event.type) {
      case 'finish':
        this.finishes.push(event.reason);
        return false;
      case 'usage':
        this.usage = event.usage;
        return false;
      case 'issue':
        this.issues.push(event.code);
        return false;
      case 'tool-call-end':
        this.calls.push(event.state);
        return false;
      case 'error':
        return false;
      default:
        return true;
    }
  }
}
