import { verdictOf, verdicts } from '../../core/verdicts.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { openEnvironment } from '../environments.ts'
import { boardFindings, wantedPort } from './board.ts'
import { formatFinding, type DoctorFinding } from './finding.ts'
import { nodeFinding, portFinding } from './machine.ts'

/**
 * `hil doctor`: what on this machine would keep runs from working, one sentence each, on stdout.
 * @returns the exit code
 */
export async function doctorCommand(environments: readonly string[], cwd = process.cwd()): Promise<number> {
  const boards: BoardSpec[] = []
  for (const name of environments) boards.push(...(await openEnvironment(name, cwd)).boards)
  const findings = [nodeFinding(), ...(await portFindings(boards))]
  for (const board of boards) findings.push(...(await boardFindings(board)))
  process.stdout.write(findings.map(formatFinding).join(''))
  const problems = findings.filter(({ level }) => level === 'problem').length
  if (problems === 0) return 0
  process.stdout.write(`\n${problems === 1 ? '1 problem' : `${problems} problems`}\n`)
  return verdicts[verdictOf('environment')].exit
}

/** Each port once, with all who need it. Where no board says, the usual one is tried. */
async function portFindings(boards: readonly BoardSpec[]): Promise<readonly DoctorFinding[]> {
  const wanted = new Map<string, { host: string; port: number; who: string[] }>()
  for (const board of boards) {
    const { host, port } = wantedPort(board) ?? {}
    if (host === undefined || port === undefined) continue
    const entry = wanted.get(`${host} ${port}`) ?? { host, port, who: [] }
    entry.who.push(board.name)
    wanted.set(`${host} ${port}`, entry)
  }
  if (boards.length === 0) wanted.set('', { host: '0.0.0.0', port: 69, who: [] })
  return Promise.all([...wanted.values()].map(({ host, port, who }) => portFinding(host, port, who)))
}
