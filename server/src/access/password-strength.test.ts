import { describe, expect, it } from 'vitest';
import { isWeak } from './password-strength.ts';

describe('a password', () => {
  it.each([
    ...[
      'Password123!',
      'P@ssw0rd2026',
      '1qaz2wsx3edc',
      'qwertyuiop12',
      'aaaaaaaaaaaa',
      'abcd1234567',
      'iloveyou520',
    ],
    ...['woaini5201314', '5201314woaini', 'zhongguo123456', 'woaizhongguo1', 'wodemima123', 'a123456789a'],
    ...['zhangwei1990', 'wangxiaoming', 'Zhang.Wei.1985', 'liuyang888888', 'chenjing520'],
    ...[
      'xinjiang888888',
      'wulumuqi2026',
      'Urumqi@2026',
      'bianmin12345',
      'Bianmin@2026',
      'guojiadianwang',
      'dianwang2026',
    ],
    ...['13800138000', '15899201734', 'zhangwei15899201734', '650102199003077234', '65010219900307723X'],
    ...['anna.lind2026', 'lindanna1234', '1234567890', 'administrator1'],
  ])('that is guessed first is weak: %s', (password) => {
    expect(isWeak(password, 'anna.lind')).toBe(true);
  });

  it.each([
    ...['correct horse battery', 'a password of the tests', 'made by the first', 'ab4d-efgh-jkmn-pqrs'],
    ...[
      'k7Gp2xQw9z',
      'tianlan-mogu-chuanghu-7',
      '雨后的蘑菇爬上了屋顶唱歌',
      '5f0c2f5e-8f4e-4a39-9a54-0c6f0f6b2f11',
    ],
  ])('that is not is not: %s', (password) => {
    expect(isWeak(password, 'anna.lind')).toBe(false);
  });

  it('of any length is judged', () => {
    expect(isWeak('x', 'anna')).toBe(true);
    expect(isWeak('ab'.repeat(128), 'anna')).toBe(true);
  });
});
