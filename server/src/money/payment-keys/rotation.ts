import { createPrivateKey, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { PaymentKeyRequest } from '@bianmin/purchase/api/payments';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { Approvals, Where } from '../../access/approvals.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import type { Config } from '../../config/config.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { PaymentChannel } from '../../gateways/payment/contract.ts';
import { factsOf } from '../../gateways/payment/key-facts.ts';
import { WALLETS } from '../../gateways/payment/wallets.ts';
import type { Approval } from '../../access/store/approvals.ts';
import type { OpenKey, PaymentKeyStore, UploadedKey } from './key-store.ts';
import { withUploaded } from './overlay.ts';

const content = z.object({ id: z.uuid() });
const MIN_RSA_BITS = 2048;

export interface KeyRotationInit {
  readonly store: PaymentKeyStore;
  readonly approvals: Approvals;
  readonly config: Config;
  readonly clock: Clock;
  /** The channels that a configuration makes; throws where it cannot. */
  readonly build: (config: Config) => ReadonlyMap<Channel, PaymentChannel>;
}

/**
 * Changing a channel's keys without a restart: one person uploads, another allows. What is uploaded must first make a channel, so
 * that a key which cannot be read never takes the place of one that works.
 */
export class KeyRotation {
  readonly #init: KeyRotationInit;

  constructor(init: KeyRotationInit) {
    this.#init = init;
    const permission = 'payment:manage';
    init.approvals.register('payment.key-add', { permission, run: (approval) => this.#add(approval) });
    init.approvals.register('payment.key-retire', { permission, run: (approval) => this.#retire(approval) });
  }

  list(): Promise<UploadedKey[]> {
    return this.#init.store.list(100);
  }

  /** Throws `payment.key-unusable`, `order.idempotency-mismatch`. */
  async request(body: PaymentKeyRequest, maker: AdminPrincipal, where: Where): Promise<Approval> {
    const { store, approvals, clock } = this.#init;
    const now = new Date(clock.now());
    const key = this.#keyOf(body, maker, now);
    await this.#mustMakeAChannel(key, now);
    if ((await store.insert(key)) === 'exists') {
      throw new ProblemError({
        code: 'order.idempotency-mismatch',
        message: 'This key was used for another upload. Choose another.',
      });
    }
    const { channel, whose, serial = '', fingerprint, notAfter } = key;
    return approvals.request({
      kind: 'payment.key-add',
      content: {
        ...{ id: key._id, channel, whose, serial, fingerprint, reason: body.reason },
        notAfter: notAfter?.toISOString() ?? '',
        activeFrom: key.activeFrom?.toISOString() ?? '',
      },
      maker,
      where,
    });
  }

  /** Throws `request.not-found`. */
  async requestRetiring(
    init: { id: string; reason: string },
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    const key = await this.#init.store.get(init.id);
    if (key === null) throw gone();
    const { _id: id, channel, whose, fingerprint, status } = key;
    return this.#init.approvals.request({
      kind: 'payment.key-retire',
      content: {
        ...{ id, channel, whose, fingerprint, reason: init.reason, status: 'retired' },
        before: { status },
      },
      maker,
      where,
    });
  }

  async #add(approval: Approval): Promise<void> {
    const { id } = content.parse(approval.content);
    if ((await this.#init.store.activate(id, new Date(this.#init.clock.now()))) === null) throw gone();
  }

  async #retire(approval: Approval): Promise<void> {
    const { id } = content.parse(approval.content);
    if ((await this.#init.store.retire(id)) === null) throw gone();
  }

  #keyOf(body: PaymentKeyRequest, maker: AdminPrincipal, now: Date): OpenKey {
    const { channel, whose, pem, certificate, activeFrom } = body;
    const [facts, more] = factsOf(pem);
    if (facts === undefined || more !== undefined)
      throw unusable('There must be one key or certificate in it.');
    const wanted = whose === 'ours' ? ['private-key'] : ['public-key', 'certificate'];
    if (!pem.includes('-----BEGIN') || facts.fingerprint === null || !wanted.includes(facts.kind)) {
      throw unusable(`It must be a ${wanted.join(' or a ')} in PEM.`);
    }
    if (whose === 'ours') againstWeak(pem);
    const ends = [
      facts.notAfter,
      ...(certificate === undefined ? [] : factsOf(certificate).map((f) => f.notAfter)),
    ];
    const notAfter = ends.filter((each) => each !== null).sort()[0];
    if (notAfter !== undefined && Date.parse(notAfter) <= now.getTime()) throw unusable('It has expired.');
    if (certificate !== undefined) againstOther(pem, certificate);
    const serial = body.serial ?? facts.serial ?? undefined;
    const against = WALLETS[channel].againstKey(this.#init.config, { whose, pem, serial, certificate });
    if (against !== undefined) throw unusable(against);
    return {
      ...{ _id: body.key, channel, whose, fingerprint: facts.fingerprint, status: 'proposed', pem },
      ...(serial === undefined ? {} : { serial }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(notAfter === undefined ? {} : { notAfter: new Date(notAfter) }),
      ...(activeFrom === undefined ? {} : { activeFrom: new Date(activeFrom) }),
      ...{ createdAt: now, createdBy: maker.userId },
    };
  }

  async #mustMakeAChannel(key: OpenKey, now: Date): Promise<void> {
    const { store, config, build } = this.#init;
    let made: ReadonlyMap<Channel, PaymentChannel>;
    try {
      made = build(withUploaded(config, [...(await store.active(now)), key]));
    } catch {
      // The words of a library can quote what it was given.
      throw unusable('No channel can be made with it.');
    }
    if (!made.has(key.channel) || !build(config).has(key.channel)) {
      throw unusable(`This server has no channel ${key.channel}; its environment must make one first.`);
    }
  }
}

function againstWeak(pem: string): void {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPrivateKey(pem);
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= MIN_RSA_BITS) return;
  throw unusable(`Our key must be RSA of ${MIN_RSA_BITS} bits or more.`);
}

function againstOther(pem: string, certificate: string): void {
  let belongs = false;
  try {
    belongs = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(pem));
  } catch {
    belongs = false;
  }
  if (!belongs) throw unusable('The certificate is not of this key.');
}

function unusable(message: string): ProblemError {
  return new ProblemError({ code: 'payment.key-unusable', message });
}

function gone(): ProblemError {
  return new ProblemError({
    code: 'request.not-found',
    message: 'There is no such key, or it was not allowed in time. Upload it again.',
  });
}
