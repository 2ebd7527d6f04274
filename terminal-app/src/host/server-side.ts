import type { Clock } from '@bianmin/card/clock';
import { axiosCall } from '@bianmin/purchase/api/axios-call';
import { ApiClient } from '@bianmin/purchase/api/client';
import { ApiError } from '@bianmin/purchase/api/client-error';
import type { HttpCall } from '@bianmin/purchase/api/http-call';
import type { BeatKeyResponse } from '@bianmin/purchase/api/beat-key';
import type { EnrolResponse } from '@bianmin/purchase/api/terminal';
import { Enrolment } from '@bianmin/purchase/terminal/enrolment';
import { linkedHttp } from '@bianmin/purchase/terminal/link';
import type { HostEnvironment } from './env.ts';
import type { HostIdentity } from './identity.ts';
import { KeyWish } from './key-wish.ts';
import { timedHttp } from './link-facts.ts';
import type { HostLog } from './log.ts';
import { ServerClock } from './server-clock.ts';
import type { StatusBoard } from './status.ts';
import { HOST_VERSION } from './version.ts';
import { tracedHttp } from './visit.ts';

/** Between two looks whether an enrolment has brought a key. */
const ASK_AGAIN_MS = 5_000;

export interface ServerSideInit {
  readonly env: HostEnvironment;
  readonly identity: HostIdentity;
  readonly clock: Clock;
  readonly log: Pick<HostLog, 'warn'>;
  readonly board: StatusBoard;
  /** How the server is asked; default: over the network. */
  readonly http: HttpCall | undefined;
  readonly onFault: (where: string, error: unknown) => void;
  /** 0 to 1. */
  readonly random: () => number;
}

interface BeatKeyHolder {
  readonly wantsKey: boolean;
  readonly hear: (key: BeatKeyResponse) => Promise<void>;
}

/** The enrolment that waits for its turn brings a key, too: a second one would only stand in line beside it. */
function underWay(): ApiError {
  return new ApiError({
    ...{ code: 'server.busy', status: 0, retryAfterMs: ASK_AGAIN_MS },
    message: 'The enrolment under way brings a key for beats. Wait for it.',
  });
}

/** The server as this terminal meets it: who asks, what the link and the clocks are like, and whether it is known there. */
export function serverSide({ env, identity, clock, log, board, ...init }: ServerSideInit) {
  let heard: (answer: EnrolResponse) => void = () => undefined;
  const baseUrl = env.BIANMIN_SERVER_URL.replace(/\/+$/, '');
  const serverClock = new ServerClock({
    clock,
    toleranceMs: env.CLOCK_TOLERANCE_S * 1000,
    onChange: (status) => {
      const { skewMs, wrong } = status;
      if (wrong || board.status.clock !== null) log.warn({ skewMs, wrong }, "the clock beside the server's");
      board.setClock(status);
    },
  });
  const timed = timedHttp(
    tracedHttp(init.http ?? axiosCall(undefined, (ms) => AbortSignal.timeout(ms))),
    clock,
  );
  // What is asked between purchases tells an idle kiosk that the server is gone, and that it is back.
  const http = linkedHttp(serverClock.listening(timed.http), {
    state: (state) => {
      board.setLink(state);
    },
    notEnrolled: () => {
      enrolment.ask();
    },
  });
  const client = new ApiClient({ baseUrl, identity, clock, http });
  const facts = {
    kind: 'kiosk',
    name: env.BIANMIN_TERMINAL_NAME,
    version: HOST_VERSION,
    code: env.BIANMIN_ENROL_CODE,
  } as const;
  const keyWish = new KeyWish({ clock, random: init.random });
  const enrol = async (wantsKey: boolean): Promise<EnrolResponse> => {
    const answer = await keyWish.enrol(wantsKey, (wants) =>
      client.enrol((at) => identity.signEnrolment(facts, at), wants),
    );
    heard(answer);
    board.setStanding(answer.status);
    return answer;
  };
  let beats: BeatKeyHolder | undefined;
  const enrolment: Enrolment = new Enrolment({
    enrol: async () => {
      const answer = await enrol(beats?.wantsKey === true);
      if (answer.beatKey !== undefined) await beats?.hear(answer.beatKey);
      return answer;
    },
    clock,
    onTerminal: (terminalId) => {
      board.setTerminal(terminalId);
    },
    onFault: init.onFault,
  });
  /** Told what each enrolment from now on is answered. */
  const hearEnrolment = (hear: typeof heard): void => {
    heard = hear;
  };
  const beatKeys = {
    /** Told what an enrolment from now on brings, where it wants it. */
    bringTo: (holder: BeatKeyHolder): void => {
      beats = holder;
    },
    ask: async (): Promise<BeatKeyResponse | undefined> => {
      if (enrolment.asking) throw underWay();
      // What such an enrolment would bring is known.
      if (keyWish.refused) return undefined;
      return (await enrol(true)).beatKey;
    },
  };
  return { baseUrl, serverClock, http, client, enrolment, hearEnrolment, beatKeys, linkFacts: timed.facts };
}
export type ServerSide = ReturnType<typeof serverSide>;
