/** What udev compares in these rules, and what it assigns (man 7 udev). */
const MATCH_KEYS = /^(?:SUBSYSTEM|KERNEL|ACTION|ATTRS?\{[\w/]+\}|ENV\{\w+\})$/;
const ASSIGN_KEYS = /^(?:MODE|GROUP|OWNER|TAG|SYMLINK|ENV\{\w+\})$/;

/** What is wrong with a rules file, by line; an empty list is a file that udev takes. Only what our rules use is known. */
export function rulesProblems(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    if (line === '' || line.startsWith('#')) return [];
    return lineProblems(line).map((problem) => `line ${index + 1}: ${problem}`);
  });
}

function lineProblems(line: string): string[] {
  const problems: string[] = [];
  let matches = 0;
  let assigns = 0;
  for (const part of line.split(', ')) {
    const [, key = '', operator = '', value = ''] =
      /^([A-Z]+(?:\{[^}]+\})?)(==|!=|\+=|:=|=)"([^"]*)"$/.exec(part) ?? [];
    if (key === '') problems.push(`"${part}" is no pair`);
    else if (operator === '==' || operator === '!=') {
      matches += 1;
      if (!MATCH_KEYS.test(key)) problems.push(`${key} cannot be compared`);
    } else {
      assigns += 1;
      if (!ASSIGN_KEYS.test(key)) problems.push(`${key} cannot be assigned`);
      if (key === 'MODE' && !/^0[0-7]{3}$/.test(value)) problems.push(`${value} is no mode`);
    }
    if (/^ATTRS?\{id(?:Vendor|Product)\}$/.test(key) && !/^[0-9a-f]{4}$/.test(value)) {
      problems.push(`${value} is not four hex digits in small letters`);
    }
  }
  // A rule that compares nothing would be of every device.
  if (matches === 0) problems.push('it compares nothing');
  if (assigns === 0) problems.push('it assigns nothing');
  return problems;
}
