import { dirname, resolve } from 'node:path'
import { mkdirSync, openSync, writeSync } from 'node:fs'
import { didYouMean } from '../core/did-you-mean.ts'
import { HilError, messageOf } from '../core/errors.ts'
import { githubReporter } from '../report/machine/github-reporter.ts'
import { jsonReporter } from '../report/machine/json-reporter.ts'
import { junitReporter } from '../report/machine/junit-reporter.ts'
import type { Reporter } from '../report/reporter.ts'
import { dotReporter } from '../report/terminal/dot-reporter.ts'
import type { Output } from '../report/terminal/output.ts'
import { Screen } from '../report/terminal/screen.ts'
import { specReporter } from '../report/terminal/spec-reporter.ts'
import { reporterNames, type ReporterName } from './reporter-names.ts'

/** One `--reporter`: a name, and the file it writes to instead of stdout. */
export interface ReporterChoice {
  readonly name: ReporterName
  readonly file: string | undefined
}

/**
 * Reads `spec` or `junit=results.xml`.
 * @throws HilError `cli.reporter` (environment) for an unknown name, or two that want stdout for themselves
 */
export function parseReporters(texts: readonly string[]): readonly ReporterChoice[] {
  const choices = texts.map(parseReporter)
  const onStdout = choices.filter(({ file }) => file === undefined)
  const exclusive = onStdout.find(({ name }) => name === 'json' || name === 'junit')
  if (exclusive !== undefined && onStdout.length > 1) {
    const names = onStdout.map(({ name }) => name).join(' and ')
    throw wrongReporter(
      `the reporters ${names} can't share stdout: write one to a file, as in --reporter ${exclusive.name}=FILE`,
    )
  }
  return choices
}

function parseReporter(text: string): ReporterChoice {
  const [typed = '', ...file] = text.split('=')
  const name = reporterNames.find((candidate) => candidate === typed)
  if (name === undefined) {
    const hint = didYouMean(typed, reporterNames)
    throw wrongReporter(
      `there is no reporter "${typed}"${hint === '' ? `; there are ${reporterNames.join(', ')}` : hint}`,
    )
  }
  if (text.endsWith('=')) throw wrongReporter(`--reporter ${text} names no file`)
  return { name, file: file.length === 0 ? undefined : file.join('=') }
}

function wrongReporter(message: string): HilError {
  return new HilError('cli.reporter', message, { blame: 'environment' })
}

export interface ReporterContext {
  /** stdout */
  readonly screen: Screen
  readonly cwd: string
  /** Where the run leaves its files, as the person would type it. */
  readonly reportDirectory: string
  /** `$GITHUB_STEP_SUMMARY` */
  readonly stepSummary: string | undefined
}

/** @throws HilError `cli.reporter` (environment) for a file that can't be written */
export function openReporter({ name, file }: ReporterChoice, context: ReporterContext): Reporter {
  const { cwd, reportDirectory, stepSummary } = context
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
      return junitReporter(write)
    case 'github':
      return githubReporter({ write, summaryFile: stepSummary })
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
    throw wrongReporter(`the reporter file ${path} can't be written: ${messageOf(error)}`)
  }
}
