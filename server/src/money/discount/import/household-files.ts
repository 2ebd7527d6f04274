import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { BeginHouseholdFile } from '@bianmin/purchase/api/household-file';
import type { Approvals, Where } from '../../../access/approvals.ts';
import type { AdminPrincipal } from '../../../access/sessions.ts';
import type { Approval } from '../../../access/store/approvals.ts';
import type { OrgStore } from '../../../access/store/orgs.ts';
import { ProblemError } from '../../../kernel/problem.ts';
import { scopeOf, type Scope } from '../../../kernel/scope.ts';
import type { HouseholdKey } from '../desk.ts';
import type { RuleScope } from '../rule-scope.ts';
import { hashOn } from './file-hash.ts';
import { partId, type Counts, type HouseholdFile } from './file.ts';
import type { HouseholdFileStore } from './file-store.ts';
import { goodUntil, isOver, KEEP_MS, refuseUnfit, whyUnfit } from './fitness.ts';
import { linesOf } from './lines.ts';
import { rowsOf } from './part.ts';
import { Places } from './places.ts';

const SHOWN = 20;
/** A file in parts of the size that the console sends has a fourth of it. */
const MOST_PARTS = 4_096;
/** Nobody has rules for more. */
const MOST_TAGS_OF_A_FILE = 200;
const LINE_END = 0x0a;
const content = z.object({ fileId: z.string() });

export interface HouseholdFilesInit {
  readonly files: HouseholdFileStore;
  readonly approvals: Approvals;
  readonly orgs: Pick<OrgStore, 'within'>;
  readonly scope: RuleScope;
  readonly key: HouseholdKey;
  readonly grid: string;
  readonly clock: Clock;
}

/**
 * Files of households, for discounts: received in parts, of which digests alone are kept, and carried out by the worker once a second
 * person has allowed the whole of it by its SHA-256 (`discount:manage`). Each is sent by one person.
 */
export class HouseholdFiles {
  readonly #init: HouseholdFilesInit;

  constructor(init: HouseholdFilesInit) {
    this.#init = init;
    init.approvals.register('discount.households-file', {
      permission: 'discount:manage',
      run: (approval) => this.#allow(approval),
    });
  }

  /** Of people of the scope, newest first. */
  list(scope: Scope): Promise<HouseholdFile[]> {
    return this.#init.files.list(scope, SHOWN);
  }

  /** The same file goes on where it was; another one takes its place. */
  async begin({ bytes, sha256 }: BeginHouseholdFile, maker: AdminPrincipal): Promise<HouseholdFile> {
    const { files, scope, clock } = this.#init;
    const now = clock.now();
    let known: HouseholdFile | undefined;
    for (const each of await files.receivingOf(maker.userId)) {
      const isSame = each.sha256 === sha256 && each.bytes === bytes && each.scope === maker.scope;
      // What has mistakes is read anew: an organisation may have been made meanwhile.
      if (isSame && known === undefined && (await goesOn(each, now))) known = each;
      else await files.discard(each._id);
    }
    if (known !== undefined) return known;
    const made: HouseholdFile = {
      ...{ _id: randomUUID(), status: 'receiving', bytes, sha256 },
      maker: { id: maker.userId, name: maker.name },
      ...{ scope: maker.scope, orgPath: await scope.pathOf(maker.scope) },
      ...{ createdAt: new Date(now), expiresAt: new Date(now + KEEP_MS) },
      ...{ offset: 0, lines: 0, taken: [], rows: 0, repeated: 0, wrong: 0, troubles: [] },
      ...{ communities: {}, tags: {}, carried: 0, outcome: { applied: 0, newer: 0, elsewhere: 0 } },
    };
    await files.insert(made);
    return made;
  }

  /**
   * Takes the part that begins at this byte; one that was taken already does nothing more. Throws `request.not-found`, also for another
   * person's, `discount.file-part` where another part is to come, `discount.file-encoding`, `discount.file-header`.
   */
  async append(
    id: string,
    { offset, bytes }: { readonly offset: number; readonly bytes: Uint8Array },
    maker: AdminPrincipal,
  ): Promise<HouseholdFile> {
    const { files, clock } = this.#init;
    const file = await this.#own(id, maker);
    const digest = createHash('sha256').update(bytes).digest('base64url');
    if (wasTaken(file, { at: offset, digest })) return file;
    if (file.status !== 'receiving' || isOver(file, clock.now())) throw otherPart('It takes no more parts.');
    refuseOther(file, { offset, bytes });
    const part = { at: offset, digest };
    const { rows, lines, ...says } = await this.#read(file, bytes);
    await files.keepPart({ _id: partId(id, part), file: id, rows, expiresAt: file.expiresAt });
    await files.take(file, {
      ...{ part, bytes: bytes.length, lines, hash: await hashOn(file.hash, bytes) },
      ...{ ...says, rows: rows.length + says.repeated },
    });
    const now = await this.#own(id, maker);
    if (wasTaken(now, part)) return now;
    throw otherPart(`The next part begins at byte ${now.offset}. Continue from there.`);
  }

  /**
   * Asks a second person for the whole file, once. Throws `request.not-found`, also for another person's, and `discount.file-unfit`
   * where it is not whole, has mistakes, or its bytes are not those that were said.
   */
  async finish(id: string, reason: string, maker: AdminPrincipal, where: Where): Promise<Approval> {
    const { files, approvals, clock } = this.#init;
    const file = await this.#own(id, maker);
    await refuseUnfit(file, clock.now());
    const approval = await approvals.request({
      ...{ kind: 'discount.households-file', content: contentOf(file, reason), maker },
      orgPath: file.orgPath,
      // The file is what is meant: asked for again after no answer, it is one.
      where: { ...where, intent: { key: id, digest: file.sha256 } },
    });
    await files.asked(id, approval._id);
    return approval;
  }

  async #allow({ _id, content: given, orgPath, decidedAt }: Approval): Promise<void> {
    const { files, scope, clock } = this.#init;
    const { fileId } = content.parse(given);
    const file = await files.get(fileId);
    if (file === null) throw nothing();
    if (file.approval === _id && file.allowedAt !== undefined) return;
    await refuseUnfit(file, clock.now());
    const places = Object.keys(file.communities).map((community) => ({ community }));
    await scope.demandPlaces(places, scopeOf(orgPath?.at(-1)));
    await files.allow(fileId, _id, decidedAt ?? new Date(clock.now()));
  }

  async #read(file: HouseholdFile, bytes: Uint8Array) {
    const { orgs, key, grid } = this.#init;
    const read = linesOf(bytes, file.lines);
    const places = new Places(await orgs.within(file.scope));
    const rows = await rowsOf(read, { places, key, grid });
    if (Object.keys({ ...file.tags, ...rows.tags }).length > MOST_TAGS_OF_A_FILE) {
      throw otherPart(
        `The file has more than ${MOST_TAGS_OF_A_FILE} different tags. Write those that rules have.`,
      );
    }
    return { lines: read.lines, ...rows };
  }

  async #own(id: string, maker: AdminPrincipal): Promise<HouseholdFile> {
    const file = await this.#init.files.get(id);
    // Who was placed elsewhere meanwhile sends it anew.
    if (file?.maker.id === maker.userId && file.scope === maker.scope) return file;
    throw nothing();
  }
}

/** What the second person reads; no number is in it. */
function contentOf(file: HouseholdFile, reason: string): Record<string, unknown> {
  const { _id, bytes, sha256, rows, repeated, communities, tags } = file;
  return {
    ...{ fileId: _id, reason, bytes, sha256, rows, repeated },
    ...most('communities', communities),
    ...most('tags', tags),
    goodUntil: goodUntil(file).toISOString(),
  };
}

async function goesOn(file: HouseholdFile, now: number): Promise<boolean> {
  if (file.wrong > 0 || isOver(file, now)) return false;
  return file.offset < file.bytes || (await whyUnfit(file, now)) === undefined;
}

function wasTaken({ taken }: HouseholdFile, part: { readonly at: number; readonly digest: string }): boolean {
  return taken.some(({ at, digest }) => at === part.at && digest === part.digest);
}

function refuseOther(
  file: HouseholdFile,
  { offset, bytes }: { readonly offset: number; readonly bytes: Uint8Array },
): void {
  if (offset !== file.offset) {
    throw otherPart(`The next part begins at byte ${file.offset}. Continue from there.`);
  }
  const end = offset + bytes.length;
  if (bytes.length === 0 || end > file.bytes) throw otherPart('It has no bytes, or more than the file has.');
  if (end < file.bytes && bytes.at(-1) !== LINE_END) throw otherPart('Let each part end with a line.');
  if (file.taken.length >= MOST_PARTS) throw otherPart('Cut the file into larger parts.');
}

/** The twenty that most households have, and how many more there are. */
function most(name: string, counts: Counts): Record<string, unknown> {
  const all = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  const shown = all.slice(0, SHOWN).map(([of, rows]) => ({ of, rows }));
  return { [name]: shown, ...(all.length > SHOWN && { [`${name}More`]: all.length - SHOWN }) };
}

function otherPart(message: string): ProblemError {
  return new ProblemError({ code: 'discount.file-part', message });
}

function nothing(): ProblemError {
  return new ProblemError({
    code: 'request.not-found',
    message: 'There is no such file of yours. Choose it again.',
  });
}
