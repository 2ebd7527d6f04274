/** As hosts of repositories cut it off. */
const MOST = 72;
/** `fix(orders): …`: what kind of change, and where. */
const KIND = /^(?:[a-z]+(?:\([^()]+\))?!?: )/;
/** Words that begin a description, not an order. */
const NO_VERBS: ReadonlySet<string> = new Set(
  (
    'a an the this that these those what who whoever whose which where when how why whatever its it their his her our ' +
    'every each all both some any no nothing nobody none one two three more most only also as in on at of for from with'
  ).split(' '),
);
/** Verbs that look like a third person or a past. */
const VERBS: ReadonlySet<string> = new Set(
  'pass process address focus access bypass compress express discuss feed seed need embed speed shed bring string ring'.split(
    ' ',
  ),
);

/** What is wrong with a commit's subject, as a sentence; undefined: nothing. */
export function subjectProblem(subject: string): string | undefined {
  if (/^(?:Merge|Revert) /.test(subject)) return undefined;
  if (subject.length > MOST)
    return `"${subject}" has ${subject.length} characters; ${MOST} are read everywhere.`;
  const [first = ''] = subject.replace(KIND, '').split(/[\s:,]/);
  const verb = first.toLowerCase();
  const isOrder =
    /^[a-z][a-z-]*$/.test(verb) && !NO_VERBS.has(verb) && (VERBS.has(verb) || !/(?:ed|ing|s)$/.test(verb));
  return isOrder
    ? undefined
    : `"${subject}" should say what to do: begin with a verb, as in "fix(orders): close by …".`;
}
