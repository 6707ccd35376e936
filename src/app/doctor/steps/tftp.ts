import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bootloader } from '../../../board/bootloader.ts'
import type { FileServer } from '../../../board/file-server.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError, messageOf } from '../../../core/errors.ts'
import type { StepFinding } from '../../../core/examination.ts'
import { UndoStack } from '../../../core/undo-stack.ts'
import type { PublishedFile } from '../../../lab/taken-board.ts'
import type { Bench } from '../bench.ts'
import { failed, failedBy, ok, type NothingToTry } from '../step.ts'
import { requirePrompt } from './bootloader.ts'
import { addressFinding, askWhereItIs } from './tftp-address.ts'

/** Of the file that is fetched: more than one block of TFTP, so that the way back is used as well. */
const nonceBytes = 3000
/** Has the bootloader fetch a small file that nobody has had before, as it would fetch a kernel. */
export async function fetchByTftp(bench: Bench, t: Deadline): Promise<readonly StepFinding[] | NothingToTry> {
  const { service, spec } = bench
  const { network, boot } = spec
  if (boot.by === 'console')
    return { nothingToTry: 'its bootloader gets files over the console ("boot: { by: console }")' }
  if (
    !bench.isEmulated &&
    network.tftp === undefined &&
    network.nfs === undefined &&
    network.http === undefined
  ) {
    return { nothingToTry: 'the environment names no server ("network: { tftp: { embedded: true } }")' }
  }
  if (service.bootloader === undefined) return { nothingToTry: 'this board is driven without a bootloader' }
  const bootloader = requirePrompt(bench)
  const path = join(service.board.temporaryDirectory, `nonce-${randomBytes(4).toString('hex')}`)
  await writeFile(path, randomBytes(nonceBytes))
  const undo = new UndoStack()
  try {
    const { file, server, about } = await publish(bench, path, undo, t)
    return [...about, await fetchFinding(bench, { bootloader, file, server }, t)]
  } finally {
    await undo.run()
  }
}

/** What tells of fetches: the board's own server, or one that was started for an address that had to be found. */
type FetchLog = Pick<FileServer, 'fetches' | 'requests'>

interface Published {
  readonly file: PublishedFile
  readonly server: FetchLog
  /** What had to be found out for it. */
  readonly about: readonly StepFinding[]
}

async function publish(bench: Bench, path: string, undo: UndoStack, t: Deadline): Promise<Published> {
  const { board } = bench.service
  try {
    const file = await board.publish('nonce', path, t)
    const isSilent = board.fetches(file.name) === undefined
    const server = isSilent
      ? {}
      : {
          fetches: (name: string) => board.fetches(name) ?? [],
          requests: (name: string) => board.requests(name) ?? 0,
        }
    return { file, server, about: [] }
  } catch (error) {
    if (!(error instanceof HilError) || error.code !== 'tftp.which-address') throw error
    return publishWhereTheBoardIs(bench, error, path, undo, t)
  }
}

/** The environment leaves open by which of several addresses this machine is reached: the board itself is asked where it is. */
async function publishWhereTheBoardIs(
  bench: Bench,
  which: HilError,
  path: string,
  undo: UndoStack,
  t: Deadline,
): Promise<Published> {
  const { spec, emit } = bench
  const tftp = spec.network.tftp
  const found = await askWhereItIs(requirePrompt(bench), t)
  if (found === undefined || tftp?.embedded === undefined) throw which
  const { openEmbeddedServer } = await import('../../../lab/embedded-server.ts')
  const server = await openEmbeddedServer(
    spec.name,
    { ...tftp, address: found.own.address },
    { emulated: undefined, boardAddress: undefined, undo, emit },
  )
  const file = { ...(await server.publish('nonce', path, t)), from: server.address }
  return { file, server, about: [addressFinding(found)] }
}

interface Fetch {
  readonly bootloader: Bootloader
  readonly file: PublishedFile
  readonly server: FetchLog
}

async function fetchFinding(
  bench: Bench,
  { bootloader, file, server }: Fetch,
  t: Deadline,
): Promise<StepFinding> {
  const to = bootloader.kind === 'barebox' ? '/hil-nonce' : '$kernel_addr_r'
  const from = file.from === 'console' ? 'its console' : `${file.from.host} port ${file.from.port}`
  try {
    using budget = t.within(bench.patience.fetchMs, 'fetching a small file')
    await bootloader.receive(file, to, budget)
    return ok(`the board fetched ${file.size} bytes from ${from}, and has them unchanged`)
  } catch (error) {
    t.throwIfOver()
    if (error instanceof HilError && error.code === 'boot.network-failed') return failedBy(error, '')
    return whyNot(bench, { file, server, from, error })
  }
}

/** Which way the packets are lost, by what the server has seen of them. */
function whyNot(
  { spec }: Bench,
  {
    file,
    server,
    from,
    error,
  }: Pick<Fetch, 'file' | 'server'> & { readonly from: string; readonly error: unknown },
): StepFinding {
  const port = file.from === 'console' ? 69 : file.from.port
  if (server.fetches === undefined) {
    return failed(
      `the board can't fetch from ${from}: ${messageOf(error)}`,
      'that server does not tell hil what it is asked for: look at its log (journalctl -u tftpd-hpa), its address as the board reaches it, and at the firewall of its machine',
    )
  }
  if ((server.requests?.(file.name) ?? 0) === 0) {
    return failed(
      `the board asked ${from}, and no packet came here: a firewall keeps it out, or that is not this machine's address in the board's network (${messageOf(error)})`,
      `let UDP port ${port} in: sudo ufw allow proto udp to any port ${port} (firewalld: sudo firewall-cmd --add-service=tftp; nftables: udp dport ${port} accept); and see that the address is right ("listen", or "address", below "tftp")`,
    )
  }
  const fetches = server.fetches(file.name)
  const last = fetches.at(-1)
  if (!fetches.some(({ end }) => end === 'complete')) {
    return failed(
      `the board asked ${from} and was answered, but the answers do not reach it: it has ${last?.acknowledgedBytes ?? 0} of ${file.size} bytes (${messageOf(error)})`,
      `answers of TFTP come from a port of their own: let UDP out to the board, and look at what stands between (a router with NAT; a container or VM that forwards port ${port} alone has to be in the board's network itself)`,
    )
  }
  return failedBy(
    error,
    `the file arrived at ${spec.name}, but not unchanged: look at its memory and its network driver`,
  )
}
