import type { Clock } from '@bianmin/card/clock';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { ComplaintSource } from '../gateways/payment/complaint-contract.ts';
import type { Config } from './config.ts';
import type { GridGateway } from '../gateways/grid/contract.ts';
import type { BindingCodes } from '../gateways/grid/binding-codes.ts';
import type { PaymentChannel } from '../gateways/payment/contract.ts';
import type { SpanSink } from '../adapters/tracing/span.ts';

/** What both processes (web, worker) are made of; tests hand in their own. */
export interface Deps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  /** The newest lines of `log`; absent: they are not kept. */
  readonly lines?: () => readonly string[];
  /** Who is told of spans; absent: none are made. */
  readonly spans?: SpanSink;
  readonly db: Connection;
  /** Cache, presence, rate limits, pub/sub: may be lost. */
  readonly redis: Redis;
  /** Marks of used proofs, which no flood may push out: never evicts. Absent: `redis` is it. */
  readonly marks?: Redis;
  readonly grid: GridGateway;
  /** Absent: this grid texts no codes. */
  readonly bindingCodes?: BindingCodes;
  readonly channels: ReadonlyMap<Channel, PaymentChannel>;
  /** Where payers' complaints come from; absent: from nowhere. */
  readonly complaintSources?: ReadonlyMap<Channel, ComplaintSource>;
}
