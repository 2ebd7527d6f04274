import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { mongo } from 'mongoose';
import { commandOf, replyOf, replyTo, WireFrames, type Command } from './mongo-wire.ts';

/**
 * Three members of a replica set before one store: one of them is its primary, and what two of them have in common is that store.
 * Elections are as hard as real ones: connections stay and are told `NotWritablePrimary`, or end, or stand still; an answer may be
 * lost after the write was done. As a real primary it knows a write that is sent again (`lsid`, `txnNumber`) and answers what it
 * answered then. It cannot lose a write that most members do not have.
 */
export interface ReplicaSet {
  readonly uri: string;
  /** What passed to the store, oldest first. */
  readonly passed: readonly Passed[];
  /** Nobody: an election is going on. */
  elect(member: number | null): void;
  /** What happens at the next write. */
  atNextWrite(meets: Interruption): void;
  /** Its connections stay and nothing passes, until `thaw`. */
  freeze(member: number): void;
  thaw(member: number): void;
  /** Its connections end and none is taken, until `start`. */
  crash(member: number): void;
  start(member: number): void;
  close(): Promise<void>;
}

interface Passed {
  readonly member: number;
  readonly name: string;
  readonly document: mongo.Document;
}

/**
 * `refused`: the primary has just stepped down. `lost`: done, and the connection ends before the answer. `not-majority`: done, and
 * the primary stepped down while it waited for the others.
 */
export interface Interruption {
  readonly how: 'refused' | 'lost' | 'not-majority';
  readonly electsNext: number | null;
}

const SET = 'rs0';
const MEMBERS = 3;
const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify']);
const READS = new Set(['find', 'aggregate', 'count', 'distinct', 'getMore']);

const NOT_PRIMARY = { ok: 0, errmsg: 'not primary', code: 10107, codeName: 'NotWritablePrimary' } as const;
const NOT_PRIMARY_NO_SECONDARY_OK = {
  ...{ ok: 0, errmsg: 'not primary and secondaryOk=false' },
  ...{ code: 13435, codeName: 'NotPrimaryNoSecondaryOk' },
} as const;
const INTERRUPTED = {
  code: 11602,
  codeName: 'InterruptedDueToReplStateChange',
  errmsg: 'operation was interrupted',
} as const;

interface Member {
  readonly server: Server;
  readonly port: number;
  readonly sockets: Set<Socket>;
  state: 'up' | 'frozen' | 'down';
}

class Members implements ReplicaSet {
  readonly passed: Passed[] = [];
  readonly #store: URL;
  readonly #members: Member[] = [];
  /** By session and number: answers of writes that may be sent again. */
  readonly #done = new Map<string, mongo.Document>();
  #primary: number | null = 0;
  #term = 1;
  #meets: Interruption | undefined;

  constructor(storeUrl: string) {
    this.#store = new URL(storeUrl);
  }

  async open(): Promise<this> {
    for (let index = 0; index < MEMBERS; index += 1) {
      const sockets = new Set<Socket>();
      const server = createServer((near) => {
        this.#serve(index, near);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      this.#members.push({ server, port, sockets, state: 'up' });
    }
    return this;
  }

  get uri(): string {
    const { username, password, pathname } = this.#store;
    const login = username === '' ? '' : `${username}:${password}@`;
    return `mongodb://${login}${this.#hosts().join(',')}${pathname}?replicaSet=${SET}`;
  }

  elect(member: number | null): void {
    if (member !== null) this.#term += 1;
    this.#primary = member;
  }

  atNextWrite(meets: Interruption): void {
    this.#meets = meets;
  }

  freeze(member: number): void {
    this.#at(member).state = 'frozen';
    for (const socket of this.#at(member).sockets) socket.pause();
  }

  thaw(member: number): void {
    this.#at(member).state = 'up';
    for (const socket of this.#at(member).sockets) socket.resume();
  }

  crash(member: number): void {
    this.#at(member).state = 'down';
    for (const socket of this.#at(member).sockets) socket.destroy();
  }

  start(member: number): void {
    this.#at(member).state = 'up';
  }

  async close(): Promise<void> {
    for (const { server, sockets } of this.#members) {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  #at(index: number): Member {
    const member = this.#members[index];
    if (member === undefined) throw new Error(`There is no member ${index}.`);
    return member;
  }

  #hosts(): string[] {
    return this.#members.map(({ port }) => `127.0.0.1:${port}`);
  }

  #serve(index: number, near: Socket): void {
    const member = this.#at(index);
    if (member.state === 'down') {
      near.destroy();
      return;
    }
    const store = connect(Number(this.#store.port === '' ? 27_017 : this.#store.port), this.#store.hostname);
    for (const [socket, other] of [
      [near, store],
      [store, near],
    ] as const) {
      member.sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        member.sockets.delete(socket);
        other.destroy();
      });
    }
    const asked = new WireFrames();
    const answers = new WireFrames();
    /** A driver asks one thing at a time on a connection. */
    let asking: Asking | undefined;
    near.on('data', (bytes) => {
      for (const message of asked.push(bytes)) {
        const command = commandOf(message);
        const turn: Asking = { index, message, command, near, term: this.#term };
        const own = this.#ownAnswer(turn);
        if (own !== undefined) {
          near.write(replyTo(message, own));
          continue;
        }
        this.passed.push({ member: index, name: command.name, document: command.document });
        if (command.answered) asking = turn;
        store.write(message);
      }
    });
    store.on('data', (bytes) => {
      for (const answer of answers.push(bytes)) if (asking !== undefined) this.#answer(asking, answer);
    });
    // Who listens for data lets it flow.
    if (member.state === 'frozen') for (const socket of [near, store]) socket.pause();
  }

  /** What a member says without asking its store. */
  #ownAnswer({ index, command }: Asking): mongo.Document | undefined {
    const { name, document } = command;
    if (WRITES.has(name)) {
      if (index === this.#primary && this.#meets?.how === 'refused') this.#take();
      const labels = document['txnNumber'] === undefined ? [] : ['RetryableWriteError'];
      if (index !== this.#primary) return { ...NOT_PRIMARY, errorLabels: labels };
      return this.#done.get(sentAgain(document) ?? '');
    }
    if (READS.has(name) && index !== this.#primary) return NOT_PRIMARY_NO_SECONDARY_OK;
    return undefined;
  }

  #answer({ index, message, command, near, term }: Asking, answer: Buffer): void {
    const { name, document } = command;
    if (['hello', 'ismaster', 'isMaster'].includes(name)) {
      near.write(replyTo(message, { ...replyOf(answer), ...this.#hello(index) }));
      return;
    }
    if (!WRITES.has(name)) {
      near.write(answer);
      return;
    }
    const reply = replyOf(answer);
    const again = sentAgain(document);
    if (again !== undefined) this.#done.set(again, reply);
    const meets = index === this.#primary && term === this.#term ? this.#take() : undefined;
    if (meets === undefined) near.write(answer);
    else if (meets.how === 'lost') near.destroy();
    else {
      // A server adds the label to whoever may send it again.
      const errorLabels = again === undefined ? [] : ['RetryableWriteError'];
      near.write(replyTo(message, { ...reply, writeConcernError: INTERRUPTED, errorLabels }));
    }
  }

  /** The election that was to come at this write. */
  #take(): Interruption | undefined {
    const meets = this.#meets;
    this.#meets = undefined;
    if (meets !== undefined) this.elect(meets.electsNext);
    return meets;
  }

  #hello(index: number): mongo.Document {
    const primary = index === this.#primary;
    return {
      setName: SET,
      setVersion: 1,
      hosts: this.#hosts(),
      me: this.#hosts()[index],
      primary: this.#primary === null ? undefined : this.#hosts()[this.#primary],
      isWritablePrimary: primary,
      ismaster: primary,
      secondary: !primary,
      electionId: primary
        ? mongo.ObjectId.createFromHexString(`7fffffff${this.#term.toString(16).padStart(16, '0')}`)
        : undefined,
      topologyVersion: undefined,
      logicalSessionTimeoutMinutes: 30,
    };
  }
}

interface Asking {
  readonly index: number;
  readonly message: Buffer;
  readonly command: Command;
  readonly near: Socket;
  /** The primary's when it was asked. */
  readonly term: number;
}

/** What says that a write is the same as one before. */
function sentAgain({ lsid, txnNumber }: mongo.Document): string | undefined {
  if (lsid === undefined || txnNumber === undefined) return undefined;
  return JSON.stringify([lsid, txnNumber]);
}

/** Before the store at `url`, which is any address of one server. */
export function openReplicaSet(url: string): Promise<ReplicaSet> {
  return new Members(url).open();
}
