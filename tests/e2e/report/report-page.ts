import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { htmlFile } from '../../../src/report/html/html-file.ts'
import { findCommand } from '../../../scripts/setup/find-command.mjs'
import type { ScriptedRun } from '../../unit/report/script-run.ts'

/** A `report.html` in a browser, opened from disk, with all that it did which it should not. */
export interface OpenReport {
  readonly page: Page
  /** What it asked for beyond itself. */
  readonly requests: readonly string[]
  /** Errors and refusals in the browser's console. */
  readonly complaints: readonly string[]
}

interface OpenOptions {
  /** What follows the name of the file, with its #. */
  readonly hash?: string
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
  /** What is there once the page is ready. */
  readonly ready?: string
}

/** A browser for one suite; each report gets a page of its own. */
export class ReportBrowser {
  #browser: Browser | undefined
  readonly #directory = mkdtempSync(join(tmpdir(), 'hil-report-page-'))
  #count = 0

  async start(): Promise<void> {
    const executablePath = findCommand('chromium')
    if (executablePath === undefined) throw new Error('chromium is gone')
    // Chromium refuses to sandbox itself as root.
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    this.#browser = await chromium.launch({ executablePath, args })
  }

  async stop(): Promise<void> {
    await this.#browser?.close()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  async open(
    run: ScriptedRun | string,
    {
      hash = '',
      width = 1280,
      height = 800,
      colorScheme = 'light',
      ready = 'body[data-ready]',
    }: OpenOptions = {},
  ): Promise<OpenReport> {
    const file = typeof run === 'string' ? run : await this.#write(run)
    const url = `file://${file}`
    const context = await this.#browser?.newContext({ viewport: { width, height }, colorScheme })
    if (context === undefined) throw new Error('start the browser first')
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    const requests: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => {
      if (request.url() !== `${url}${hash}` && request.url() !== url) requests.push(request.url())
    })
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('dialog', (dialog) => {
      complaints.push(`a dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    await page.goto(`${url}${hash}`)
    await page.waitForSelector(ready)
    return { page, requests, complaints }
  }

  /** Opens a page that needs no script. */
  async openStatic(html: string, options: OpenOptions = {}): Promise<OpenReport> {
    const file = join(this.#directory, `page-${++this.#count}.html`)
    writeFileSync(file, html)
    return this.open(file, { ready: 'main', ...options })
  }

  async #write(run: ScriptedRun): Promise<string> {
    const file = join(this.#directory, `report-${++this.#count}.html`)
    const failures = await run.play(htmlFile(file))
    if (failures[0] !== undefined) throw failures[0].error
    return file
  }
}
