import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '@bianmin/card/clock';
import type {
  FormerManifest,
  ReleaseFile,
  ReleaseManifest,
  ReleaseView,
} from '@bianmin/purchase/api/release';
import type { ReleaseRoot } from '@bianmin/purchase/node/release-root';
import { openFormerRelease, openRelease, unverifiedRelease } from '@bianmin/purchase/node/signed-release';
import type { Where } from '../../access/approvals.ts';
import type { AuditTrail } from '../../access/audit.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { ReleaseFolder } from './folder.ts';
import type { Release, ReleaseStore } from './release-store.ts';

const LISTED = 100;

/** Who brings a release in, or takes it back: a person, or the command on the server itself. */
export interface Publisher {
  readonly kind: 'admin' | 'system';
  readonly id: string;
}

export interface ReleasesInit {
  readonly store: ReleaseStore;
  readonly folder: ReleaseFolder;
  /** Who signs releases. */
  readonly root: ReleaseRoot;
  /** What signed them alone, once: public half. Absent: no terminal is left that knows it. */
  readonly formerKey?: KeyObject | undefined;
  readonly audit: AuditTrail;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Logger, 'error'>;
}

/** A manifest as it is brought in. */
export interface Submitted {
  readonly signed: string;
  /** The same for kiosks that know no root. */
  readonly former?: string | undefined;
}

/** A release whose signatures were verified just now. */
export interface Opened {
  readonly release: Release;
  readonly manifest: ReleaseManifest;
}

/**
 * Releases of the program. The signed manifest comes first and says by name, size and digest what may come after it, so that
 * nothing unsigned ever has a name on our disk; the signatures are verified again each time a release is looked at.
 */
export class Releases {
  readonly #init: ReleasesInit;

  constructor(init: ReleasesInit) {
    this.#init = init;
  }

  async list(): Promise<ReleaseView[]> {
    const views = [];
    for (const release of await this.#init.store.list(LISTED)) {
      const manifest = this.#manifestOf(release);
      // Of another key, or changed in the database: it is not offered, and here it is not shown as ours either.
      if (manifest !== undefined) views.push(await this.view({ release, manifest }));
    }
    return views;
  }

  /**
   * Takes a signed manifest; the same once more is the same release, and signed anew it goes on with the newer signatures. Throws
   * `release.unsigned`, `release.expired`, `release.state`.
   */
  async begin({ signed, former }: Submitted, by: Publisher, where: Where): Promise<Opened> {
    const { store, audit, clock } = this.#init;
    const manifest = this.#judged({ signed, former });
    const { kind, version } = manifest;
    const made: Release = {
      ...{ _id: `${kind}@${version}`, kind, version, signed, state: 'incomplete' },
      ...(former === undefined ? {} : { former }),
      ...{ by: by.id, at: new Date(clock.now()) },
    };
    const known = await store.get(made._id);
    if (known !== null) return this.#same(known, { made, manifest }, by, where);
    await audit.record({
      who: by,
      action: 'release.upload',
      target: made._id,
      where,
      data: { files: manifest.files },
    });
    if ((await store.insert(made)) === 'inserted') return { release: made, manifest };
    return this.open(made._id);
  }

  /** Throws `request.not-found`, `release.unsigned`. */
  async open(id: string): Promise<Opened> {
    const release = await this.#init.store.get(id);
    if (release === null) throw noRelease();
    const manifest = this.#manifestOf(release);
    if (manifest === undefined) {
      throw new ProblemError({
        code: 'release.unsigned',
        message: 'Too few of those who sign now have signed this release. Sign it again.',
      });
    }
    return { release, manifest };
  }

  /**
   * Takes the next piece of a file; gives how much of it is there then. With the last piece of the last file the release is ready.
   * Throws `request.not-found`, `release.bytes`, `release.state`.
   */
  async append(id: string, init: { name: string; offset: number; piece: Uint8Array }): Promise<Opened> {
    const opened = await this.open(id);
    const { release, manifest } = opened;
    const { folder } = this.#init;
    if (release.state !== 'incomplete') throw notNow('It has all its files, or was withdrawn.');
    const file = fileOf(manifest, init.name);
    const received = await folder.received(manifest, file);
    if (received !== init.offset) {
      throw new ProblemError({
        code: 'release.bytes',
        message: `The next piece of ${file.name} begins at byte ${received}. Continue from there.`,
      });
    }
    if (init.piece.length === 0 || received + init.piece.length > file.bytes) throw otherBytes(file);
    const now = await folder.append(manifest, file, init.piece);
    if (now >= file.bytes && !(await folder.finish(manifest, file))) throw otherBytes(file);
    return { ...opened, release: await this.#completed(opened) };
  }

  /**
   * No terminal is offered it any more; one that has it keeps it until a higher version comes. Throws
   * `request.not-found`.
   */
  async withdraw(id: string, reason: string, by: Publisher, where: Where): Promise<Opened> {
    const { store, audit } = this.#init;
    const { release, manifest } = await this.open(id);
    if (release.state === 'withdrawn') return { release, manifest };
    await audit.record({ who: by, action: 'release.withdraw', target: id, where, data: { reason } });
    const moved = await store.move(id, ['incomplete', 'ready'], { state: 'withdrawn', reason });
    return moved === null ? this.open(id) : { release: moved, manifest };
  }

  /** A release that may be given away now: not withdrawn, not run out, and every file as it was signed. Never throws for that. */
  async servable(id: string): Promise<Opened | undefined> {
    const release = await this.#init.store.get(id);
    if (release?.state !== 'ready') return undefined;
    const manifest = this.#manifestOf(release);
    if (manifest === undefined) {
      this.#init.log.error({ release: id }, 'too few have signed a release, and it is not offered');
      return undefined;
    }
    if (!this.#isFresh(manifest)) return undefined;
    for (const file of manifest.files) {
      if (await this.#init.folder.whole(manifest, file)) continue;
      this.#init.log.error(
        { release: id, file: file.name },
        'a file of a release is not the one that was signed, and the release is not offered',
      );
      return undefined;
    }
    return { release, manifest };
  }

  folderOf({ manifest }: Opened): string {
    return this.#init.folder.of(manifest);
  }

  async view({ release, manifest }: Opened): Promise<ReleaseView> {
    const { _id, kind, version, state, by, at, reason } = release;
    const files = await Promise.all(
      manifest.files.map(async (file) => ({
        ...{ name: file.name, bytes: file.bytes },
        received: await this.#init.folder.received(manifest, file),
      })),
    );
    return {
      ...{ id: _id, kind, version, notes: manifest.notes, state, files },
      ...{ expires: manifest.expires, former: release.former !== undefined },
      ...{ by, at: at.toISOString(), reason: reason ?? null },
    };
  }

  /** Ready as soon as the last file is in its place. */
  async #completed({ release, manifest }: Opened): Promise<Release> {
    for (const file of manifest.files) {
      if (!(await this.#init.folder.whole(manifest, file))) return release;
    }
    return (await this.#init.store.move(release._id, ['incomplete'], { state: 'ready' })) ?? release;
  }

  /** The manifest of what is brought in. Throws `release.unsigned`, `release.expired`. */
  #judged({ signed, former }: Submitted): ReleaseManifest {
    const { root, formerKey } = this.#init;
    const manifest = openRelease(signed, root);
    if (manifest === undefined) {
      throw new ProblemError({
        code: 'release.unsigned',
        message: `This manifest needs ${root.threshold} signers. Have another one sign it: npm run release -- countersign.`,
      });
    }
    if (!this.#isFresh(manifest)) {
      throw new ProblemError({
        code: 'release.expired',
        message: 'This manifest has run out. Sign it again with npm run release -- sign.',
      });
    }
    if (former === undefined) return manifest;
    const before = formerKey === undefined ? undefined : openFormerRelease(former, formerKey);
    if (before !== undefined && isSame(before, manifest)) return manifest;
    throw new ProblemError({
      code: 'release.unsigned',
      message:
        'RELEASE_PUBLIC_KEY has not signed the same release for older kiosks. Make it anew: npm run release -- former.',
    });
  }

  async #same(
    known: Release,
    { made, manifest }: { readonly made: Release; readonly manifest: ReleaseManifest },
    by: Publisher,
    where: Where,
  ): Promise<Opened> {
    const { store, audit } = this.#init;
    // It may be of signers who sign no more: what counts is that nothing but the signatures is new.
    const before = unverifiedRelease(known.signed);
    if (before === undefined || !isSame(before, manifest)) {
      throw notNow('There is another release of this version. A changed one needs a higher version.');
    }
    const isNewer = before.issued < manifest.issued;
    if (!isNewer && (made.former === undefined || made.former === known.former)) return this.open(known._id);
    const signed = isNewer ? made.signed : known.signed;
    await audit.record({
      ...{ who: by, action: 'release.renew', target: known._id, where },
      data: { expires: isNewer ? manifest.expires : before.expires },
    });
    await store.renew(known, { signed, ...(made.former === undefined ? {} : { former: made.former }) });
    return this.open(known._id);
  }

  #isFresh({ expires }: Pick<ReleaseManifest, 'expires'>): boolean {
    const { root, clock } = this.#init;
    return clock.now() < Math.min(Date.parse(expires), root.expires);
  }

  #manifestOf({ signed, kind, version }: Release): ReleaseManifest | undefined {
    const manifest = openRelease(signed, this.#init.root);
    return manifest?.kind === kind && manifest.version === version ? manifest : undefined;
  }
}

/** Whether two manifests are of the same release, whenever each was signed. */
function isSame(one: FormerManifest | ReleaseManifest, other: ReleaseManifest): boolean {
  return contentOf(one) === contentOf(other);
}

function contentOf({ kind, version, notes, box, files }: FormerManifest | ReleaseManifest): string {
  return JSON.stringify([kind, version, notes, box ?? null, files]);
}

/** Throws `request.not-found`. */
export function fileOf({ files }: ReleaseManifest, name: string): ReleaseFile {
  const file = files.find((each) => each.name === name);
  if (file !== undefined) return file;
  throw new ProblemError({ code: 'request.not-found', message: 'The release has no such file.' });
}

export function noRelease(): ProblemError {
  return new ProblemError({ code: 'request.not-found', message: 'There is no such release.' });
}

function notNow(message: string): ProblemError {
  return new ProblemError({ code: 'release.state', message });
}

function otherBytes({ name }: ReleaseFile): ProblemError {
  return new ProblemError({
    code: 'release.bytes',
    message: `${name} is not the file that was signed. Send the files of the same build again, from their beginning.`,
  });
}
