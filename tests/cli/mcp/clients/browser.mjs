// The page of `secrets mcp` in headless Chromium, as a person meets it: by keyboard, on a narrow and on
// a wide screen, in the light and in the dark, with axe's rules.
//
//     node browser.mjs CHROMIUM URL store|reveal
//
// The value to type is in CANARY. Prints nothing but `ok`.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const [executablePath, url, kind] = process.argv.slice(2);
const require = createRequire(process.env.MCP_CLIENTS + '/');
const { chromium } = require('playwright-core');
const axe = require('axe-core');

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });

// What axe finds wrong with the page as it stands.
async function check(page, what) {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }));
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`);
    assert.deepEqual(found, [], what);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= page.viewportSize().width, `${what}: ${width} px wide`);
}

const heading = (page) => page.locator('main h1').innerText();

for (const colorScheme of ['light', 'dark']) {
    for (const width of [320, 1280]) {
        const context = await browser.newContext({ colorScheme, viewport: { width, height: 640 } });
        const page = await context.newPage();
        const response = await page.goto(url);
        assert.equal(response.status(), 200);
        await check(page, `${colorScheme}, ${width} px`);
        await context.close();
    }
}

const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
const page = await context.newPage();
await page.goto(url);
const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
if (kind === 'reveal') {
    // The button that gives nothing away has the focus.
    assert.equal(await focused(), 'Refuse');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Allow once');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('h1').innerText === 'Allowed');
} else {
    const security = () =>
        page.evaluate(() => getComputedStyle(document.querySelector('#value')).webkitTextSecurity);
    assert.equal(await focused(), 'value');
    assert.equal(await security(), 'disc');
    await page.keyboard.press('Shift+Tab');
    assert.equal(await focused(), 'show');
    await page.keyboard.press('Space');
    assert.equal(await security(), 'none');
    await page.keyboard.press('Space');
    assert.equal(await security(), 'disc');
    await page.keyboard.press('Tab');

    // What cannot be stored is said, and can be typed again.
    await page.keyboard.insertText('********');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Store');
    await page.keyboard.press('Enter');
    const alert = page.locator('[role=alert]');
    await alert.waitFor();
    assert.match(await alert.innerText(), /mask/);
    assert.equal(await page.locator('#value').inputValue(), '');
    await check(page, 'after a mask');

    // A pasted key keeps its lines.
    assert.equal(await focused(), 'value');
    await page.keyboard.insertText(process.env.CANARY);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('h1').innerText === 'Stored');
}
const last = await heading(page);
await check(page, last);
// A reload (which sends the form again) and a second visit show how it ended.
await page.reload();
assert.equal(await heading(page), last);
const second = await context.newPage();
await second.goto(url);
assert.equal(await heading(second), last);
await browser.close();
console.log('ok');
