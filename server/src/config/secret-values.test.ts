import { expect, it } from 'vitest';
import { testConfig } from '../testing/config.ts';
import { secretValuesOf } from './secret-values.ts';

it('are the keys and passwords of a configuration, those in addresses too, and no choice that a line may name', () => {
  const secrets = secretValuesOf(
    testConfig({
      MONGODB_URI: 'mongodb://bianmin:p%40ss-of-db@db/bianmin',
      REDIS_URL: 'redis://:pass-of-cache@cache:6379',
      ADMIN_PASSWORD: 'pass-of-admin',
      ENROL_CODE: 'code-of-enrolment',
      PAYMENT_CODE: 'channel',
    }),
  );
  expect(secrets).toEqual(
    expect.arrayContaining([
      ...['p%40ss-of-db', 'p@ss-of-db', 'pass-of-cache', 'pass-of-admin', 'code-of-enrolment'],
      ...['11'.repeat(32), '22'.repeat(32), '0'.repeat(32)],
    ]),
  );
  for (const open of ['channel', 'agent', 'http://127.0.0.1:8080']) expect(secrets).not.toContain(open);
});
