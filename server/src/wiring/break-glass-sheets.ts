/** What is printed of a sealed code, a page a half. */
export function breakGlassSheets(halves: readonly [string, string], of: { by: string; at: Date }): string {
  const day = of.at.toISOString().slice(0, 10);
  const sheet = (half: string, n: 1 | 2): string =>
    [
      `BIANMIN 便民   应急信封 / SEALED CODE   ${n} / 2`,
      '',
      `    ${half.replace(/(.{4})(?=.)/gu, '$1 ')}`,
      '',
      `${day}   ${of.by}`,
      '',
      '封入信封，封口签字。两个信封由两个人分别保管，不得放在一起。',
      '只有在没有人能让管理员登录时才打开：docs/how-to/break-glass.md。打开会发出告警，并留下记录。',
      '',
      'Seal this in an envelope and sign over the flap. Two persons keep the two envelopes, never in one place.',
      'Open it only when nobody is left who can let an administrator in: docs/how-to/break-glass.md. Opening sounds an alarm.',
      '',
    ].join('\n');
  return `${sheet(halves[0], 1)}\f${sheet(halves[1], 2)}`;
}
