import { ProblemError } from '../../kernel/problem.ts';

/** One answer for all that is not there, not this caller's, used up or over. */
export function noPortalSession(): ProblemError {
  return new ProblemError({
    code: 'request.not-found',
    message: 'There is no such visit, or it is over. Begin again from the portal, or go on in the app.',
  });
}

export function notByPhone(): ProblemError {
  return new ProblemError({
    code: 'auth.forbidden',
    message: 'A phone beside the television chooses an amount. Do everything else with the remote.',
  });
}

export function portalViewTooLarge(): ProblemError {
  return new ProblemError({
    code: 'request.too-large',
    message: 'What the app shows is too large to be shown elsewhere.',
  });
}
