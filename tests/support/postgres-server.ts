import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'

/** A PostgreSQL of a test's own, reachable by its socket only. */
export interface PostgresServer extends AsyncDisposable {
  /** `postgres://...` of its database; one that has nothing in it yet has another name. */
  url(database?: string): string
  createDatabase(name: string): Promise<void>
}

/**
 * Starts Debian's PostgreSQL in a directory that is removed with it. It refuses to run as root, so root starts it
 * as `nobody`.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-pg-'))
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  if (user.uid !== undefined) chownSync(directory, user.uid, user.gid)
  const bin = programDirectory()
  const data = join(directory, 'data')
  const options = { ...user, cwd: directory }
  await execa(
    join(bin, 'initdb'),
    ['--no-sync', '--auth=trust', '--username=hil', '--encoding=UTF8', '--no-locale', `--pgdata=${data}`],
    options,
  )
  // It ends with these tests, however they end.
  const server = spawn(
    'setpriv',
    [
      '--pdeathsig',
      'INT',
      join(bin, 'postgres'),
      '-D',
      data,
      '-k',
      directory,
      '-c',
      'listen_addresses=',
      '-c',
      'fsync=off',
    ],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const exited = once(server, 'exit')
  const stop = async () => {
    // Ends connections that are still open.
    server.kill('SIGINT')
    await exited
    await rm(directory, { recursive: true, force: true })
  }
  const said: string[] = []
  const lines = createInterface({ input: server.stderr })
  const isReady = await new Promise<boolean>((resolve) => {
    lines.on('line', (line) => {
      said.push(line)
      if (line.includes('ready to accept connections')) resolve(true)
    })
    lines.on('close', () => {
      resolve(false)
    })
  })
  if (!isReady) {
    await stop()
    throw new Error(`PostgreSQL did not start:\n${said.join('\n')}`)
  }
  const url = (database = 'postgres') => `postgres://hil@/${database}?host=${encodeURIComponent(directory)}`
  return {
    url,
    async createDatabase(name) {
      await execa(join(bin, 'createdb'), [`--host=${directory}`, '--username=hil', name])
    },
    [Symbol.asyncDispose]: stop,
  }
}

/** Debian keeps the programs of each version apart; the newest is taken. */
function programDirectory(): string {
  const root = '/usr/lib/postgresql'
  const newest = readdirSync(root)
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(b) - Number(a))[0]
  if (newest === undefined) throw new Error(`there is no PostgreSQL in ${root}`)
  return join(root, newest, 'bin')
}
