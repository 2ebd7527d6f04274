import type { WritePhase } from '@bianmin/card/meter-card/progress';
import type { CardSessionEnd, CardSessionKind } from '../api/card-session.ts';
import type { RemoteVerb } from './permitted.ts';

/** What a terminal shows of its remote card session. */
export type RemoteCardView =
  | { readonly state: 'none' }
  /** Staff or the grid ask; the person at the terminal says yes or no. */
  | {
      readonly state: 'asked';
      readonly kind: CardSessionKind;
      readonly askedBy: string;
      readonly reason: string;
      /** The reader is in use: yes is not taken now. */
      readonly busy: boolean;
    }
  | {
      readonly state: 'working';
      readonly kind: CardSessionKind;
      readonly askedBy: string;
      readonly reason: string;
      /** `wanted`: a step waits for a card to be put in. */
      readonly card: 'none' | 'wanted' | 'held';
      /** The step that is being carried out. */
      readonly doing: { readonly n: number; readonly verb: RemoteVerb } | null;
      /** Of a write, 0 to 1. */
      readonly progress: { readonly phase: WritePhase; readonly fraction: number } | null;
      /** Steps done so far. */
      readonly done: number;
    }
  /** Over; shown until the person has seen it, or has gone. */
  | {
      readonly state: 'ended';
      readonly end: CardSessionEnd;
      /** The code of what stopped it, where the server said one. */
      readonly failure?: string;
    };

/** What the person at the terminal can do: `stop` ends a session in progress, `seen` puts the ending away. */
export type RemoteCardCommand = 'yes' | 'no' | 'stop' | 'seen';
