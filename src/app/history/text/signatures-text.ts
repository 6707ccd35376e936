import type { SignatureAnswer } from '../../../history/queries/signatures.ts'
import { plainText } from '../../../report/rendered-text.ts'
import { formatTable } from './table.ts'
import { formatDate } from './words.ts'

/** `hil history splats` */
export function formatSignatures(
  { signatures, begins }: SignatureAnswer,
  { width, since }: { readonly width: number; readonly since: number },
): readonly string[] {
  const day = (ms: number) => formatDate(ms).slice(0, 10)
  const rows = signatures.map(({ status, level, title, boards, runs, firstSeen, lastSeen }) => [
    status === 'new' ? 'NEW' : 'known',
    level,
    plainText(title),
    boards.length === 1 ? (boards[0] ?? '') : `${boards.length} boards`,
    String(runs),
    day(firstSeen),
    day(lastSeen),
  ])
  const columns = [
    { title: '' },
    { title: 'level' },
    { title: 'splat', isFlexible: true },
    { title: 'board' },
    { title: 'runs', align: 'right' },
    { title: 'first' },
    { title: 'last' },
  ] as const
  const isAllNew = begins !== undefined && begins >= since && signatures.length > 0
  return [
    ...formatTable(columns, rows, width),
    ...(isAllNew ? ['', `History begins on ${day(begins)}: nothing can be known for longer.`] : []),
  ]
}
