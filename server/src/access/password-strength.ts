import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { ProblemError } from '../kernel/problem.ts';
import { WEAK_WORDS } from './weak-words.ts';

/** What ten random letters and digits are worth in guesses, log10; three unrelated words are more. */
const LEAST = 9.9;
/** A mobile phone's number, or what an identity card has: 11 and 18 signs that others know. */
const KNOWN_NUMBERS = /(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dxX])(?!\d)/gu;

/** Characters that are looked at: what is longer takes long. */
const LOOKED_AT = 128;

let made: ZxcvbnFactory | undefined;

/** 49,000 leaked passwords, and our own words; made at the first use, which takes a quarter of a second. */
function guesser(): ZxcvbnFactory {
  made ??= new ZxcvbnFactory({
    graphs: adjacencyGraphs,
    maxLength: LOOKED_AT,
    dictionary: { ...dictionary, here: [...WEAK_WORDS] },
  });
  return made;
}

/** Whether somebody who knows this user, and what is common here, soon guesses it (OWASP ASVS 5, 6.2.4). */
export function isWeak(password: string, userName: string): boolean {
  const known = [userName, ...userName.split(/[._-]+/u)].filter((each) => each !== '');
  const guesses = (text: string): number => (text === '' ? 0 : guesser().check(text, known).guessesLog10);
  const plain = password.normalize('NFKC');
  const without = plain.replaceAll(KNOWN_NUMBERS, '');
  return guesses(plain) < LEAST || (without !== plain && guesses(without) < LEAST);
}

/** Throws `user.weak-password`. */
export function refuseWeak(password: string, userName: string): void {
  if (!isWeak(password, userName)) return;
  throw new ProblemError({
    code: 'user.weak-password',
    message:
      'This password is among those that are guessed first: common words, names, numbers, rows of keys. Take four unrelated words, or have one made.',
  });
}
