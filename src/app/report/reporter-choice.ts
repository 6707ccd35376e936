import { dirname, extname, resolve } from 'node:path'
import { mkdirSync, openSync, writeSync } from 'node:fs'
import { didYouMean } from '../../core/did-you-mean.ts'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { toJunit } from '../../report/files/junit.ts'
import { formatSummary } from '../../report/files/summary.ts'
import { htmlReporter } from '../../report/html/html-file.ts'
import { asciicastReporter, type OpenRecording } from '../../report/machine/asciicast-reporter.ts'
import { finalReporter } from '../../report/machine/final-reporter.ts'
import { githubReporter } from '../../report/machine/github-reporter.ts'
import { jsonReporter } from '../../report/machine/json-reporter.ts'
import { toKcidb } from '../../report/machine/kcidb.ts'
import { fileName } from '../../report/report-directory.ts'
import type { Reporter } from '../../report/reporter.ts'
import { dotReporter } from '../../report/terminal/dot-reporter.ts'
import type { Output } from '../../report/terminal/output.ts'
import { Screen } from '../../report/terminal/screen.ts'
import { specReporter } from '../../report/terminal/spec-reporter.ts'
import { kcidbNames } from './kcidb-names.ts'
import { reporterNames, sociableReporters, type ReporterName } from './reporter-names.ts'

/** One `--reporter`: a name, and the file it writes to instead of stdout. */
export interface ReporterChoice {
  readonly name: ReporterName
  readonly file: string | undefined
}

/**
 * Reads `spec` or `junit=results.xml`.
 * @param option for messages
 * @throws HilError `cli.reporter` (environment) for an unknown name, or two that want stdout for themselves
 */
export function parseReporters(texts: readonly string[], option = '--reporter'): readonly ReporterChoice[] {
  const choices = texts.map((text) => parseReporter(text, option))
  const onStdout = choices.filter(({ file }) => file === undefined)
  const exclusive = onStdout.find(({ name }) => !sociableReporters.includes(name))
  if (exclusive !== undefined && onStdout.length > 1) {
    const names = onStdout.map(({ name }) => name).join(' and ')
    throw wrongReporter(
      `the reporters ${names} can't share stdout: write one to a file, as in ${option} ${exclusive.name}=FILE`,
    )
  }
  return choices
}

function parseReporter(text: string, option: string): ReporterChoice {
  const [typed = '', ...file] = text.split('=')
  const name = reporterNames.find((candidate) => candidate === typed)
  if (name === undefined) {
    const hint = didYouMean(typed, reporterNames)
    throw wrongReporter(
      `there is no reporter "${typed}"${hint === '' ? `; there are ${reporterNames.join(', ')}` : hint}`,
    )
  }
  if (text.endsWith('=')) throw wrongReporter(`${option} ${text} names no file`)
  return { name, file: file.length === 0 ? undefined : file.join('=') }
}

function wrongReporter(message: string): HilError {
  return new HilError('cli.reporter', message, { blame: 'environment' })
}

export interface ReporterContext {
  /** stdout */
  readonly screen: Screen
  readonly cwd: string
  readonly boards: readonly string[]
  /** Where the run leaves its files, as the person would type it. */
  readonly reportDirectory: string
  /** `$GITHUB_STEP_SUMMARY` */
  readonly stepSummary: string | undefined
}

/** @throws HilError `cli.reporter` (environment) for a file that can't be written, `kcidb.name` */
export function openReporter({ name, file }: ReporterChoice, context: ReporterContext): Reporter {
  const { cwd, reportDirectory, stepSummary } = context
  if (name === 'asciicast') return asciicastReporter(recordings(file, context))
  const screen = file === undefined ? context.screen : new Screen(openFile(resolve(cwd, file)))
  const write = (text: string) => {
    screen.print(text)
  }
  switch (name) {
    case 'spec':
      return specReporter({ screen, reportDirectory })
    case 'dot':
      return dotReporter({ screen, reportDirectory })
    case 'json':
      return jsonReporter(write)
    case 'junit':
      return finalReporter(name, toJunit, write)
    case 'summary':
      return finalReporter(name, formatSummary, write)
    case 'html':
      return htmlReporter(name, write)
    case 'kcidb': {
      const names = kcidbNames()
      return finalReporter(
        name,
        (record) => `${JSON.stringify(toKcidb(record, names), undefined, 2)}\n`,
        write,
      )
    }
    case 'github':
      return githubReporter({ write, summaryFile: stepSummary })
  }
}

/** Each board has a recording of its own: of several boards each has its name in that of the file. */
function recordings(file: string | undefined, { boards, screen, cwd }: ReporterContext): OpenRecording {
  if (boards.length > 1 && file === undefined) {
    throw wrongReporter(
      `there are ${boards.length} boards, and stdout takes one recording: write files, as in asciicast=run.cast`,
    )
  }
  return (board) => {
    if (file === undefined) return screen.print.bind(screen)
    const end = extname(file)
    const path =
      boards.length > 1 ? `${file.slice(0, file.length - end.length)}-${fileName(board)}${end}` : file
    const { write } = openFile(resolve(cwd, path))
    return write
  }
}

function openFile(path: string): Output {
  try {
    mkdirSync(dirname(path), { recursive: true })
    const fd = openSync(path, 'w')
    return {
      isTerminal: false,
      isColoured: false,
      columns: 100,
      write(text) {
        writeSync(fd, text)
      },
    }
  } catch (error) {
    throw wrongReporter(`the reporter file ${path} can't be written: ${reasonOf(error)}`)
  }
}
