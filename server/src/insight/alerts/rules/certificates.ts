import { ofProvince, type Finding, type Moment } from '../finding.ts';
import { msOf } from '../limits.ts';

export interface CertificateFact {
  /** Which one: `alipay ALIPAY_APP_CERT 0A1B`. Never the certificate. */
  readonly name: string;
  readonly notAfter: Date;
}

const DAY_MS = 86_400_000;
const STEPS = ['certificate-notice-days', 'certificate-warn-days', 'certificate-urgent-days'] as const;

/** Certificates that end soon; each further step is told anew. */
export function certificatesExpiring(certificates: readonly CertificateFact[], at: Moment): Finding[] {
  return certificates.flatMap(({ name: subject, notAfter }) => {
    const left = notAfter.getTime() - at.now.getTime();
    const level = STEPS.filter((step) => left <= msOf(at.limits, step)).length;
    if (level === 0) return [];
    const days = Math.floor(left / DAY_MS);
    const since = new Date(notAfter.getTime() - msOf(at.limits, 'certificate-notice-days'));
    const facts = { days, ends: notAfter.toISOString().slice(0, 10) };
    return [ofProvince({ rule: 'certificate.expiring', subject, since, count: 1, level, facts })];
  });
}
