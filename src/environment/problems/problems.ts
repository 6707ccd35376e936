import { relative } from 'node:path'
import { locate, type Place, type Source } from '../source/source.ts'

/** One thing that is wrong in an environment file. */
export interface Problem {
  /** Absolute path. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** Counted from 1. */
  readonly column: number
  /** What is wrong, with the offending value, and what would be right. */
  readonly message: string
  readonly sourceLine: string
}

/** `env/lab.yaml:3:5: sentence`, and below it the line with a caret; files relative to `cwd`. */
export function formatProblems(problems: readonly Problem[], cwd: string): string {
  return problems.map((problem) => formatProblem(problem, cwd)).join('\n')
}

function formatProblem({ file, line, column, message, sourceLine }: Problem, cwd: string): string {
  const head = `${displayPath(file, cwd)}:${line}:${column}: ${message}`
  if (sourceLine.trim() === '') return head
  const { shown, caretAt } = excerpt(sourceLine, column - 1)
  const number = String(line)
  const caret = shown.slice(0, caretAt).replaceAll(/[^\t]/g, ' ').padEnd(caretAt)
  return `${head}\n  ${number} | ${shown}\n  ${' '.repeat(number.length)} | ${caret}^`
}

/** The shorter way to write a path: relative inside `cwd`, else as it is. */
export function displayPath(file: string, cwd: string): string {
  const near = relative(cwd, file)
  return near === '' || near.startsWith('..') ? file : near
}

const widestLine = 120

/** The part of a very long line that is around the caret. */
function excerpt(sourceLine: string, caretAt: number): { shown: string; caretAt: number } {
  if (sourceLine.length <= widestLine) return { shown: sourceLine, caretAt }
  const start = Math.max(0, Math.min(caretAt - widestLine / 2, sourceLine.length - widestLine))
  const lead = start > 0 ? '…' : ''
  const tail = start + widestLine < sourceLine.length ? '…' : ''
  return {
    shown: `${lead}${sourceLine.slice(start, start + widestLine)}${tail}`,
    caretAt: caretAt - start + lead.length,
  }
}

interface Finding {
  readonly place: Place
  readonly message: string
}

/** Gathers what is wrong while an environment is read, so that all of it is told in one go. */
export class ProblemList {
  readonly #sources: Source[] = []
  readonly #findings: Finding[] = []
  readonly #absences: Finding[] = []
  readonly #remarks: Finding[] = []
  readonly #secrets: Place[] = []
  #incomplete = false

  /** Problems are listed in the order in which their files were read. */
  reading(source: Source): void {
    this.#sources.push(source)
  }

  add(place: Place, message: string): void {
    this.#findings.push({ place, message })
  }

  /** A problem with what may be a secret: from its place on the line is never shown. */
  addSecret(place: Place, message: string): void {
    this.#secrets.push(place)
    this.add(place, message)
  }

  /** Something that should be there and is not: only believed when every file could be read in full. */
  addAbsence(place: Place, message: string): void {
    this.#absences.push({ place, message })
  }

  /** Nothing is wrong, but it does not mean all that it says. */
  addRemark(place: Place, message: string): void {
    this.#remarks.push({ place, message })
  }

  /** A part of a file could not be read: nothing is called missing any more. */
  addUnreadable(place: Place, message: string): void {
    this.#incomplete = true
    this.add(place, message)
  }

  /** By file and place; what a template does wrong is told once, not once per board. */
  list(): readonly Problem[] {
    return this.#inOrder(this.#incomplete ? this.#findings : [...this.#findings, ...this.#absences])
  }

  remarks(): readonly Problem[] {
    return this.#inOrder(this.#remarks)
  }

  #inOrder(all: readonly Finding[]): readonly Problem[] {
    const order = ({ place }: Finding) => this.#sources.indexOf(place.source)
    const problems = all
      .toSorted((a, b) => order(a) - order(b) || a.place.offset - b.place.offset)
      .map((found) => this.#toProblem(found))
    const distinct = new Map(
      problems.map((one) => [`${one.file}:${one.line}:${one.column}:${one.message}`, one]),
    )
    return [...distinct.values()]
  }

  #toProblem({ place, message }: Finding): Problem {
    const { line, column, sourceLine } = locate(place)
    const secretColumns = this.#secrets
      .filter(({ source }) => source === place.source)
      .map(locate)
      .filter((secret) => secret.line === line)
      .map((secret) => secret.column - 1)
    const shown =
      secretColumns.length === 0 ? sourceLine : `${sourceLine.slice(0, Math.min(...secretColumns))}•••`
    return { file: place.source.file, line, column, message, sourceLine: shown }
  }
}
