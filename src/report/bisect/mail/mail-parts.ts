import type { BisectionCheck, BisectionRecord } from '../../../core/bisection-record.ts'
import { describeFailure } from '../../failures-of-run.ts'
import { formatConfidence, plural } from '../amounts.ts'
import { citation, endsOf, hasCommits, nameOf, rangeOf, shortName } from '../names.ts'
import { checksOf } from '../checks.ts'
import { reproductions } from '../reproduce.ts'
import { capitalised, verdictOf } from '../verdict.ts'
import { asciiLine, asciiText, mailField, quotedLine, wrapped } from './plain-mail.ts'

export function summaryLines(record: BisectionRecord): readonly string[] {
  const { conclusion, signature, probes, rangeSize, confidenceWanted } = record
  const [commit = '', ...others] = conclusion?.commits ?? []
  const { earlier, later } = endsOf(record)
  const { isCertain, title } = verdictOf(record)
  const confidence = `${formatConfidence(conclusion?.confidence ?? 0)} (asked for: ${formatConfidence(confidenceWanted)})`
  return [
    'Summary:',
    ...mailField(
      'Result',
      isCertain && others.length === 0 ? quotedLine(citation(record, commit)) : asciiLine(title),
    ),
    ...mailField('Confidence', asciiLine(confidence)),
    ...mailField(capitalised(record.terms.old), end(record, earlier)),
    ...mailField(capitalised(record.terms.new), end(record, later)),
    ...mailField(
      'Range',
      `${plural(rangeSize, hasCommits(record) ? 'commit' : 'payload')}, ${plural(probes.length, 'run')}`,
    ),
    ...(signature === undefined ? [] : mailField('Failure', asciiLine(describeFailure(signature)))),
  ]
}

/** What was seen where it fails: indented, so that no line of a console is taken for one of the mail. */
export function excerptLines(excerpt: readonly string[]): readonly string[] {
  if (excerpt.length === 0) return []
  const left = excerpt.length - mostExcerptLines
  return [
    'What was seen:',
    '',
    ...excerpt.slice(0, mostExcerptLines).map((line) => `  ${asciiText(line)}`.trimEnd()),
    ...(left > 0 ? [`  [ ${plural(left, 'line')} more ]`] : []),
  ]
}

const mostExcerptLines = 60

/** `v6.18 (1f2e3d4c5b6a)` */
function end(record: BisectionRecord, commit: string): string {
  const [name, short] = [nameOf(record, commit), shortName(record, commit)]
  return quotedLine(name === short ? name : `${name} (${short})`)
}

const checkWords: Readonly<Record<BisectionCheck['result'], string>> = {
  passed: 'PASS',
  failed: 'FAIL',
  'not done': 'NOT DONE',
}

export function checkLines(record: BisectionRecord): readonly string[] {
  const checks = checksOf(record)
  if (checks.length === 0) return []
  const width = Math.max(...checks.map(({ result }) => checkWords[result].length))
  return [
    'Checks:',
    ...checks.flatMap(({ name, result, detail }) => {
      const first = `  ${checkWords[result].padEnd(width)}  `
      return wrapped(asciiLine(`${name}: ${detail}`), { first, rest: ' '.repeat(first.length) })
    }),
  ]
}

export function parameterLines(record: BisectionRecord): readonly string[] {
  const { source, kernel, boards, specs, environmentFile, signature, versions } = record
  const { earlier, later } = endsOf(record)
  const isOfGit = source.kind !== 'payloads'
  const field = (name: string, value: string | undefined) =>
    value === undefined ? [] : mailField(name, asciiLine(value))
  const config = kernel?.config
  return [
    'Parameters:',
    ...field('Tree', isOfGit ? source.repository : source.from),
    ...field('URL', isOfGit ? source.remote : undefined),
    ...field('Branch', isOfGit ? source.branch : undefined),
    ...field('Range', isOfGit ? rangeOf(record) : `${nameOf(record, earlier)} to ${nameOf(record, later)}`),
    ...field('Target', boards.join(', ')),
    ...field('CPU arch', kernel?.architecture),
    ...field('Compiler', kernel?.compiler),
    ...field(
      'Config',
      config === undefined ? undefined : `${config.name} (sha256 ${config.sha256.slice(0, 16)})`,
    ),
    ...field('Build', isOfGit ? source.command : undefined),
    ...field(
      'Test case',
      signature?.kind === 'test' ? `${specs.join(', ')}: ${signature.test}` : specs.join(', '),
    ),
    ...field('Env', environmentFile),
    ...field(
      'Versions',
      Object.entries(versions ?? {})
        .map((pair) => pair.join(' '))
        .join(', '),
    ),
  ]
}

/** Commands are not broken into lines: they are to be copied. */
export function commandLines(record: BisectionRecord): readonly string[] {
  return [
    'How to reproduce:',
    ...reproductions(record).flatMap(({ what, command }) => ['', `  # ${what}`, `  ${asciiLine(command)}`]),
  ]
}
