import type { BootStage, LinkName, LinkStatus, ProofLink, ProofOfBoot } from '../../core/boot-proof.ts'
import type { BootEvidence, FileEvidence } from './boot-evidence.ts'

/**
 * What the evidence of a boot comes to, up to the stage that was reached: every link between the files
 * of the payload and the kernel that runs. Without a payload it only says what was seen.
 * @param isOver while a boot goes on, what the kernel has not said yet is not missing
 */
export function judgeBoot(evidence: BootEvidence, isOver = true): ProofOfBoot {
  const stage = stageOf(evidence)
  const seen = seenOf(evidence)
  if (evidence.expected === undefined) return { stage, result: 'not-needed', links: [], seen }
  const later = stage === 'not-started' ? [] : linksOfKernel(evidence)
  const links = [
    ...linksUntilKernel(evidence),
    ...later.filter(({ status }) => isOver || status !== 'missing'),
  ]
  const broken = links.find(({ status }) => status === 'missing' || status === 'differs')
  const weakest = broken ?? weakestOf(links)
  return {
    stage,
    result: broken === undefined ? 'proven' : 'broken',
    links,
    ...(weakest === undefined ? {} : { weakest: sentenceOf(weakest) }),
    seen,
  }
}

/** `Image fetched: the board's own CRC32 was right`, in the words of people. */
export function sentenceOf({ link, file, evidence }: ProofLink): string {
  return `${file === undefined ? '' : `${file} `}${names[link]}: ${evidence}`
}

const names: Readonly<Record<LinkName, string>> = {
  published: 'published',
  fetched: 'fetched in full',
  'boot-command': 'the boot command',
  'handed-over': 'the hand-over to the kernel',
  banner: "the kernel's banner",
  'command-line': "the kernel's command line",
  version: '/proc/version',
  nonce: '/proc/cmdline',
  'build-id': 'build-id',
}

export function stageOf({ isHandedOver, kernel, userspace }: BootEvidence): BootStage {
  if (userspace !== undefined) return 'userspace'
  if (!isHandedOver) return 'not-started'
  return kernel.hasSpoken ? 'kernel' : 'handed-over'
}

function linksUntilKernel(evidence: BootEvidence): readonly ProofLink[] {
  const { files, isHandedOver } = evidence
  return [
    ...files.flatMap((file) => [publishedLink(file), fetchedLink(file, isHandedOver)]),
    commandLink(evidence),
    isHandedOver
      ? link('handed-over', 'proven', "the bootloader's last words were seen")
      : link('handed-over', 'missing', 'nobody saw the bootloader start a kernel'),
  ]
}

function publishedLink({ file }: FileEvidence): ProofLink {
  return link('published', 'proven', `SHA-256 ${file.sha256}, ${file.size} bytes`, file.name)
}

/** @param isHandedOver without all of the file the bootloader would not have gone on */
function fetchedLink({ file, fetches, read }: FileEvidence, isHandedOver: boolean): ProofLink {
  const { name, sha256, size } = file
  const whole =
    fetches?.find((fetch) => fetch.end === 'complete' && fetch.acknowledgedBytes === fetch.size) ??
    fetches?.find((fetch) => fetch.end === 'unconfirmed' && isHandedOver)
  if (whole !== undefined && (whole.sha256 !== sha256 || whole.size !== size)) {
    const evidence = `the server sent other bytes, of SHA-256 ${whole.sha256}`
    return link('fetched', 'differs', evidence, name)
  }
  if (whole !== undefined) {
    const lost = whole.end === 'unconfirmed' ? ' sent; the last acknowledgement was lost' : ''
    return link('fetched', 'proven', `the server's log, ${size} bytes${lost}`, name)
  }
  if (read === 'emulator') {
    return link('fetched', 'proven', "read by the emulator itself, from hil's own copy", name)
  }
  if (read === 'checksum')
    return link('fetched', 'proven', "the board's own CRC32 of what it has in memory", name)
  if (read === 'digest')
    return link('fetched', 'proven', "the board's own SHA-256 of the file that it has", name)
  if (fetches === undefined) {
    return link('fetched', 'missing', 'the server tells nothing, and the board computed no checksum', name)
  }
  const last = fetches.at(-1)
  const attempts =
    last === undefined
      ? 'never asked for'
      : `begun ${fetches.length === 1 ? 'once' : `${fetches.length} times, the last time`} and ${last.end}`
  return link('fetched', 'missing', attempts, name)
}

function commandLink({ command, overridden, files }: BootEvidence): ProofLink {
  if (command === undefined) {
    return link('boot-command', 'missing', 'the payload was never booted: the strategy has not asked for it')
  }
  if (!command.isLate) return link('boot-command', 'proven', `hil's own command, "${command.text}"`)
  if (overridden.length > 0)
    return link('boot-command', 'proven', `the bootloader reports ${overridden.map(withoutMark).join('; ')}`)
  return files.length === 0
    ? link('boot-command', 'proven', 'nothing was to be replaced')
    : link('boot-command', 'missing', 'the bootloader did not report what it replaced')
}

/** `[bootm override active] replacement OS: File(Image)`: the mark says nothing that is not said already. */
function withoutMark(line: string): string {
  return line.replace(/^\[[^\]]*\] /, '')
}

/** What the console shows, and what userspace reads: either stands for the other where that is not to be seen. */
function linksOfKernel({ expected, nonce, kernel, userspace }: BootEvidence): readonly ProofLink[] {
  const banner = expected?.kernel?.banner
  const links: ProofLink[] = []
  const version = userspace && compare(userspace.version, (text) => text === banner)
  const inProc = userspace && compare(userspace.commandLine, (text) => hasWord(text, nonce))
  if (banner !== undefined && kernel.hasSpoken) {
    const found = kernel.banners[0]
    const onConsole = compare(found, (text) => text === banner)
    const isSettled = kernel.isQuiet || version === 'same'
    links.push(consoleLink('banner', onConsole, isSettled, banner, found))
  }
  if (nonce !== undefined && kernel.hasSpoken) {
    // Newer kernels break a long one into several lines.
    const logged = kernel.commandLines.length === 0 ? undefined : kernel.commandLines.join(' ')
    const onConsole = compare(logged, (text) => hasWord(text, nonce))
    const isSettled = kernel.isQuiet || inProc === 'same'
    links.push(
      onConsole === 'unseen' && !kernel.isPastStart && userspace === undefined
        ? link('command-line', 'unobservable', 'the kernel was not heard any more when it would have said it')
        : consoleLink('command-line', onConsole, isSettled, nonce, logged),
    )
  }
  if (version !== undefined && banner !== undefined) {
    links.push(userspaceLink('version', version, links, 'banner', banner, userspace?.version))
  }
  if (inProc !== undefined && nonce !== undefined) {
    links.push(userspaceLink('nonce', inProc, links, 'command-line', nonce, userspace?.commandLine))
  }
  if (userspace !== undefined) links.push(buildIdLink(expected?.kernel?.buildId, userspace.buildId))
  return links
}

type Comparison = 'same' | 'other' | 'unseen'

function compare(text: string | undefined, isSame: (text: string) => boolean): Comparison {
  if (text === undefined) return 'unseen'
  return isSame(text) ? 'same' : 'other'
}

/**
 * A line of the console may be lost or garbled on its way.
 * @param isSettled userspace has told that it is right, or it was not to be shown
 */
function consoleLink(
  name: LinkName,
  seen: Comparison,
  isSettled: boolean,
  wanted: string,
  found: string | undefined,
): ProofLink {
  if (seen === 'same') return link(name, 'proven', `"${wanted}" on the console`)
  const evidence =
    found === undefined
      ? `not shown on the console, where "${wanted}" was expected`
      : `"${found}" and not "${wanted}"`
  if (isSettled) return link(name, 'unobservable', evidence)
  return link(name, seen === 'other' ? 'differs' : 'missing', evidence)
}

function userspaceLink(
  name: LinkName,
  seen: Comparison,
  links: readonly ProofLink[],
  onConsole: LinkName,
  wanted: string,
  found: string | undefined,
): ProofLink {
  if (seen === 'same') return link(name, 'proven', `"${wanted}"`)
  if (seen === 'other') return link(name, 'differs', `"${found}" and not "${wanted}"`)
  const isProven = links.some((each) => each.link === onConsole && each.status === 'proven')
  return link(name, isProven ? 'unobservable' : 'missing', 'it could not be read')
}

function buildIdLink(wanted: string | undefined, found: string | undefined): ProofLink {
  if (wanted === undefined) {
    return link(
      'build-id',
      'unobservable',
      `the payload's kernel tells none${found === undefined ? '' : `; the running one has ${found}`}`,
    )
  }
  if (found === undefined) return link('build-id', 'unobservable', '/sys/kernel/notes could not be read')
  return found === wanted
    ? link('build-id', 'proven', wanted)
    : link('build-id', 'differs', `${found} and not ${wanted}`)
}

function hasWord(commandLine: string, word: string | undefined): boolean {
  return word !== undefined && commandLine.split(/\s+/).includes(word)
}

/** Of links that all hold: one that could not be seen, else the one by which a mistake could slip through most easily. */
function weakestOf(links: readonly ProofLink[]): ProofLink | undefined {
  return (
    links.find(({ status }) => status === 'unobservable') ??
    links.find(({ link: name, evidence }) => name === 'fetched' && evidence.includes('CRC32')) ??
    links.find(({ link: name }) => name === 'boot-command') ??
    links.at(-1)
  )
}

function link(name: LinkName, status: LinkStatus, evidence: string, file?: string): ProofLink {
  return { link: name, ...(file === undefined ? {} : { file }), status, evidence }
}

function seenOf({ kernel, userspace }: BootEvidence): ProofOfBoot['seen'] {
  const banner = userspace?.version ?? kernel.banners[0]
  const commandLine = userspace?.commandLine ?? kernel.commandLines[0]
  const buildId = userspace?.buildId
  return {
    ...(banner === undefined ? {} : { banner }),
    ...(commandLine === undefined ? {} : { commandLine }),
    ...(buildId === undefined ? {} : { buildId }),
  }
}
