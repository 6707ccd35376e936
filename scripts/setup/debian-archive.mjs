import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { aptComplaint } from './apt-complaint.mjs'
import { run } from './run.mjs'

/** For machines whose own sources have no arm64 kernel of Debian's, such as Ubuntu's. */
const debianSources = sourcesOf(['bookworm', 'bookworm-updates', 'bookworm-security'])

/** @param {readonly string[]} suites */
function sourcesOf(suites) {
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
  const lines = suites.map((suite) => {
    const archive = suite.endsWith('-security') ? 'debian-security' : 'debian'
    return `deb [signed-by=${keyring}] http://deb.debian.org/${archive} ${suite} main\n`
  })
  return lines.join('')
}

/**
 * Debian's arm64 packages, through an apt whose state lies in `work` alone: from the sources of this machine
 * if it is a Debian and they have arm64, or else from Debian itself.
 *
 * @param {string} work an existing directory
 * @param {string} metapackage the kernel that is wanted, such as `linux-image-arm64`
 */
export async function openDebianArchive(work, metapackage) {
  const complaints = []
  for (const sources of (await isDebian()) ? [undefined, debianSources] : [debianSources]) {
    const options = await aptOptions(
      join(work, sources === undefined ? 'apt-machine' : 'apt-debian'),
      sources,
    )
    const { output } = await run('apt-get', [...options, 'update'])
    // The exit code of `update` says nothing: any source of the machine's may be out of order.
    const { code } = await run('apt-cache', [...options, 'show', metapackage])
    if (code === 0) return new DebianArchive(options, work, metapackage)
    complaints.push(aptComplaint(output))
  }
  throw new Error(`apt finds no ${metapackage} for arm64: ${[...new Set(complaints)].join('; ')}`)
}

/**
 * The newest packages of Debian's, in the same way.
 *
 * @param {string} work an existing directory
 * @param {string} [architecture] left out for packages that belong to none
 */
export async function openNewestDebian(work, architecture) {
  const options = await aptOptions(join(work, 'apt-sid'), sourcesOf(['sid']), architecture)
  const { code, output } = await run('apt-get', [...options, 'update'])
  if (code !== 0) throw new Error(`apt could not read the list of Debian's packages: ${aptComplaint(output)}`)
  return new DebianArchive(options, work, '')
}

class DebianArchive {
  /**
   * @param {readonly string[]} options
   * @param {string} work
   * @param {string} metapackage
   */
  constructor(options, work, metapackage) {
    this.options = options
    this.work = work
    this.metapackage = metapackage
  }

  /** The packages that the newest kernel is in: one, or since Linux 7 one for each part. */
  async kernelPackages() {
    const { stdout } = await run('apt-cache', [
      ...this.options,
      'depends',
      '--recurse',
      '--important',
      this.metapackage,
    ])
    const names = stdout
      .split('\n')
      .filter((line) => /^linux-(image|binary|modules|base)-\d\S*-arm64$/.test(line))
    if (names.length === 0) throw new Error(`${this.metapackage} depends on no kernel that hil recognises`)
    return names
  }

  /** @param {string} name of a package */
  async dependencies(name) {
    const { stdout } = await run('apt-cache', [...this.options, 'depends', '--important', name])
    return [...stdout.matchAll(/^ +(?:Pre)?Depends: (\S+)$/gm)].map(([, found = '']) => found)
  }

  /**
   * @param {readonly string[]} names
   * @returns {Promise<string[]>} the paths of the .deb files
   */
  async download(names) {
    const directory = join(this.work, 'archives')
    await mkdir(directory)
    const { code, output } = await run('apt-get', [...this.options, 'download', ...names], { cwd: directory })
    if (code !== 0) throw new Error(`apt could not download ${names.join(', ')}: ${aptComplaint(output)}`)
    return (await readdir(directory)).map((name) => join(directory, name))
  }

  /**
   * Also all that they need to run, down to the C library: this apt knows of nothing that is installed.
   *
   * @param {readonly string[]} names
   * @returns {Promise<string[]>} the paths of the .deb files
   */
  async downloadWithDependencies(names) {
    const directory = join(this.work, 'archives')
    await mkdir(join(directory, 'partial'), { recursive: true })
    const how = [
      '--download-only',
      '--no-install-recommends',
      '--yes',
      `--option=Dir::Cache::archives=${directory}`,
    ]
    const { code, output } = await run('apt-get', [...this.options, ...how, 'install', ...names])
    if (code !== 0) throw new Error(`apt could not download ${names.join(', ')}: ${aptComplaint(output)}`)
    const files = (await readdir(directory)).filter((name) => name.endsWith('.deb'))
    return files.map((name) => join(directory, name))
  }
}

async function isDebian() {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
  return /^ID="?debian"?$/m.test(release)
}

/**
 * @param {string} directory
 * @param {string | undefined} sources a sources.list of our own
 * @param {string} architecture as Debian calls it
 */
async function aptOptions(directory, sources, architecture = 'arm64') {
  await mkdir(join(directory, 'lists', 'partial'), { recursive: true })
  await mkdir(join(directory, 'cache', 'archives', 'partial'), { recursive: true })
  const settings = {
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    // Apt's own unprivileged user cannot write to a person's cache.
    'APT::Sandbox::User': 'root',
    'Dir::State': directory,
    'Dir::State::lists': join(directory, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(directory, 'cache'),
    'Acquire::Languages': 'none',
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '20',
    'Acquire::https::Timeout': '20',
    ...(sources === undefined ? {} : await ownSources(directory, sources)),
  }
  return Object.entries(settings).map(([name, value]) => `--option=${name}=${value}`)
}

/**
 * @param {string} directory
 * @param {string} sources
 */
async function ownSources(directory, sources) {
  const file = join(directory, 'sources.list')
  await writeFile(file, sources)
  return { 'Dir::Etc::sourcelist': file, 'Dir::Etc::sourceparts': '/dev/null' }
}
