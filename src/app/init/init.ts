import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { HilError } from '../../core/errors.ts'
import { packageDirectory } from '../../core/package-directory.ts'
import { displayPath } from '../../environment/problems/problems.ts'
import { writeSpecTsconfig } from '../../session/spec-tsconfig.ts'
import { deviceRoots } from '../../transports/serial/usb-ports.ts'
import { openEnvironment } from '../environment/environments.ts'
import { pluggedIn } from '../suggest/suggest.ts'
import { answerQuestions, openDialogue } from './answer-questions.ts'
import { environmentText, specText } from './file-texts.ts'
import { questionsFor, type Answers } from './questions.ts'

/**
 * `hil init`: an environment for a board, and a first spec for it. What is not given is asked; nothing is overwritten.
 * @returns the exit code
 * @throws HilError `init.*` (environment)
 */
export async function initCommand(
  { directory, given }: { readonly directory: string; readonly given: Answers },
  cwd = process.cwd(),
): Promise<number> {
  const root = resolve(cwd, directory)
  if (given.board !== undefined) assertNew(root, given.board, cwd)
  using dialogue = openDialogue()
  const answers = await answerQuestions(questionsFor(pluggedIn(deviceRoots)), given, dialogue)
  const { board = '' } = answers
  assertNew(root, board, cwd)
  const { environment, spec } = placesOf(root, board)
  const [shownEnvironment, shownSpec] = [displayPath(environment, cwd), displayPath(spec, cwd)]
  const schema = relative(dirname(environment), join(packageDirectory(), 'schemas/environment.schema.json'))
  const yaml = environmentText(answers, schema)
  await assertRight(yaml)
  await writeNew(environment, yaml, cwd)
  await writeNew(spec, specText(answers, shownEnvironment, shownSpec), cwd)
  const written = [shownEnvironment, shownSpec]
  const hasTypes = [dirname(spec), root].some((place) => existsSync(join(place, 'tsconfig.json')))
  if (!hasTypes) written.push(displayPath(await writeSpecTsconfig(dirname(spec)), cwd))
  process.stdout.write(`${written.map((file) => `${file} was written\n`).join('')}
Next:
  hil doctor --env ${shownEnvironment}    # proves the bench, step by step
  hil run ${shownSpec} --env ${shownEnvironment}
`)
  return 0
}

function placesOf(root: string, board: string): { readonly environment: string; readonly spec: string } {
  return { environment: join(root, 'env', `${board}.yaml`), spec: join(root, 'tests', `${board}.spec.ts`) }
}

/** Said before anything is asked, where it can be. */
function assertNew(root: string, board: string, cwd: string): void {
  for (const file of Object.values(placesOf(root, board))) if (existsSync(file)) throw exists(file, cwd)
}

/** @throws HilError `environment.invalid` (environment), which would be a mistake in a question */
async function assertRight(yaml: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-init-'))
  try {
    await writeFile(join(directory, 'environment.yaml'), yaml)
    await openEnvironment(join(directory, 'environment.yaml'), directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function writeNew(file: string, text: string, cwd: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  try {
    await writeFile(file, text, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(file, cwd)
    throw error
  }
}

function exists(file: string, cwd: string): HilError {
  return new HilError(
    'init.exists',
    `${displayPath(file, cwd)} is there already, and is not overwritten: name another board, or another directory`,
    { blame: 'environment', details: { file } },
  )
}
