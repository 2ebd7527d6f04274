import {
  rootContent,
  signedRoot,
  signer,
  times,
  type ReleaseSigners,
} from '@bianmin/purchase/testing/node/release-signers';
import { stopped, through, type Attack } from '../attack.ts';
import { always, never, type Patch } from '../patch.ts';
import { kioskAsks, madeBy, onKiosk, type Given } from './kiosk.ts';
import { TOO_FEW } from './signatures.ts';

const CHECK = 'terminal-app/src/host/release-check.ts';
const TRUST = 'terminal-app/src/host/release-trust.ts';
const ROOT = 'shared/purchase/src/node/release-root.ts';
const DAY_MS = 86_400_000;

/** Newer than whatever runs. */
const NEWER = '9999.0.0';
const OLDER = '0.0.1';

/** A kiosk is offered what it must not install. */
function offered(init: {
  readonly attack: string;
  readonly name: string;
  readonly removes: readonly Patch[];
  /** `born`: the roots of the kiosk where it is not the first one of these signers. */
  readonly make: (signers: ReleaseSigners) => Given & { readonly born?: readonly string[] };
}): Attack {
  const { make, ...attack } = init;
  return onKiosk(attack, async (world, signers) => {
    const { born = [signers.document], ...given } = make(signers);
    const { release } = await kioskAsks(world, { born, given });
    if (release.startsWith('installs ')) return through(`the kiosk ${release}`);
    if (release.startsWith('update.')) return stopped(`${release}; nothing is installed`);
    throw new Error(`The kiosk says ${release}.`);
  });
}

export const releases: readonly Attack[] = [
  offered({
    attack: 'release-forged',
    name: 'A server that was taken over offers a release that one of the signers and a stranger have signed',
    removes: [TOO_FEW],
    make: (signers) => {
      const made = madeBy(signers, NEWER);
      return {
        release: { made, manifest: signers.sign(made.manifest, { by: [signers.three[0], signer()] }) },
      };
    },
  }),
  offered({
    attack: 'release-older',
    name: 'A server that was taken over offers a release of before, whose holes are known',
    removes: [never(CHECK, '!isNewer(version, running)')],
    make: (signers) => {
      const made = madeBy(signers, OLDER);
      return { release: { made, manifest: made.signed } };
    },
  }),
  offered({
    attack: 'release-withheld',
    name: 'A server that was taken over offers a release that it withheld until it had run out',
    removes: [
      never(TRUST, 'server >= Date.parse(expires)'),
      never(TRUST, 'latest >= Math.min(Date.parse(expires), this.#root.expires)'),
    ],
    make: (signers) => {
      const made = madeBy(signers, NEWER);
      const at = times(Date.now() - 100 * DAY_MS, 90);
      return { release: { made, manifest: signers.sign(made.manifest, { at }) } };
    },
  }),
  offered({
    attack: 'release-other-file',
    name: 'A server that was taken over gives another installer with a release that was truly signed',
    removes: [always(CHECK, 'opened.files.some(({ sha512 }) => sha512 === digest)')],
    make: (signers) => {
      const made = madeBy(signers, NEWER);
      const { files } = madeBy(signers, NEWER);
      return { release: { made, manifest: made.signed, files } };
    },
  }),
  offered({
    attack: 'root-forged',
    name: 'Who has the key of one signer makes a root of their own two, and releases by it',
    removes: [never(ROOT, '!isSignedBy(document, current)')],
    make: (signers) => {
      const [stolen] = signers.three;
      const [x, y] = [signer(), signer()];
      const content = rootContent([stolen, x, y], { version: 2, now: Date.now() });
      const made = madeBy(signers, NEWER);
      const manifest = signers.sign(made.manifest, { by: [x, y] });
      return { roots: [signedRoot(content, [stolen, x])], release: { made, manifest } };
    },
  }),
  offered({
    attack: 'root-older',
    name: 'A root of before is brought back, which still names a signer whose key was stolen',
    removes: [never(ROOT, 'next.version !== current.version + 1')],
    make: (signers) => {
      const [a, b, stolen] = signers.three;
      const without = rootContent([a, b, signer()], { version: 2, now: Date.now() });
      const made = madeBy(signers, NEWER);
      return {
        born: [signers.document, signedRoot(without, [a, b])],
        roots: [signers.document],
        release: { made, manifest: signers.sign(made.manifest, { by: [a, stolen] }) },
      };
    },
  }),
];
