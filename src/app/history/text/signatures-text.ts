import type { SignatureAnswer } from '../../../history/queries/signatures.ts'
import { plainText } from '../../../report/rendered-text.ts'
import { fitText } from '../../../report/terminal/text-width.ts'
import { formatTable } from './table.ts'
import { formatDate } from './words.ts'

/** `hil history splats` */
export function formatSignatures(
  { signatures, begins }: SignatureAnswer,
  { width, since }: { readonly width: number; readonly since: number },
): readonly string[] {
  const day = (ms: number) => formatDate(ms).slice(0, 10)
  const rows = signatures.map(({ status, level, boards, runs, firstSeen, lastSeen }) => [
    status === 'new' ? 'NEW' : 'known',
    level,
    boards.length === 1 ? (boards[0] ?? '') : `${boards.length} boards`,
    String(runs),
    day(firstSeen),
    day(lastSeen),
  ])
  const columns = [
    { title: '' },
    { title: 'level' },
    { title: 'board', isFlexible: true },
    { title: 'runs', align: 'right' },
    { title: 'first' },
    { title: 'last' },
  ] as const
  const [head = '', ...lines] = formatTable(columns, rows, width)
  const isAllNew = begins !== undefined && begins >= since && signatures.length > 0
  return [
    head,
    // Titles are long, and what is cut off is what tells them apart.
    ...signatures.flatMap(({ title }, index) => [
      lines[index] ?? '',
      fitText(`  ${plainText(title)}`, width),
    ]),
    ...(isAllNew ? ['', `History begins on ${day(begins)}: nothing can be known for longer.`] : []),
  ]
}
