import type { LoadedFile } from './protocol.ts'

/** One run of a file: on which board the ones meant without name are, and all it holds. */
export interface Job {
  readonly file: LoadedFile
  readonly primary: string | undefined
  readonly boards: readonly string[]
}

/** Jobs that share boards: they run one after the other, in one worker, while other groups run beside them. */
export interface Group {
  readonly boards: readonly string[]
  readonly jobs: readonly Job[]
}

/**
 * Which file runs on what. A file that names boards runs once, with these; one that names none runs
 * once for each selected board.
 */
export function planGroups(files: readonly LoadedFile[], selected: readonly string[]): readonly Group[] {
  const jobs = files.flatMap((file) => jobsOf(file, selected))
  return jobs.reduce(addToGroups, [])
}

function jobsOf(file: LoadedFile, selected: readonly string[]): readonly Job[] {
  const named = [...new Set(file.requirements.flatMap(({ board }) => board ?? []))]
  const meansAny = named.length === 0 || file.requirements.some(({ board }) => board === undefined)
  if (!meansAny) return [{ file, primary: undefined, boards: named }]
  const others = selected.filter((board) => !named.includes(board))
  const primaries = others.length === 0 ? selected : others
  return primaries.map((primary) => ({ file, primary, boards: [...new Set([primary, ...named])] }))
}

function addToGroups(groups: readonly Group[], job: Job): readonly Group[] {
  const isShared = ({ boards }: Group) => boards.some((board) => job.boards.includes(board))
  const joined = groups.filter(isShared)
  const boards = [...new Set([...joined.flatMap((group) => group.boards), ...job.boards])]
  const merged = { boards, jobs: [...joined.flatMap((group) => group.jobs), job] }
  const firstJoined = joined[0]
  if (firstJoined === undefined) return [...groups, merged]
  return groups.flatMap((group) => (group === firstJoined ? [merged] : isShared(group) ? [] : [group]))
}
