import assert from "node:assert/strict";
import { test } from "node:test";

import { iframeLine } from "../../browser/heading/iframe.js";

const REST = 'width="800" height="450" style="border:0" title="Descent playground" allow="clipboard-write" '
  + 'loading="lazy"></iframe>';

for (const [link, src] of [
  ["http://a.org", "http://a.org?embed=true"],
  ["http://a.org/page?", "http://a.org/page?embed=true"],
  ["http://a.org/?surface=booth&rate=0.1", "http://a.org/?surface=booth&amp;rate=0.1&amp;embed=true"],
  ["http://a.org/?embed=true", "http://a.org/?embed=true"],
  ["http://a.org/?embed=false&rate=1&embed=true", "http://a.org/?rate=1&amp;embed=true"],
  ["http://a.org/?embed_options=dark_theme", "http://a.org/?embed_options=dark_theme&amp;embed=true"],
  ["http://a.org/?a=1#part?embed=true", "http://a.org/?a=1&amp;embed=true#part?embed=true"],
  ["http://a.org/#surface=booth&embed=false", "http://a.org/?embed=true#surface=booth"],
  ["http://a.org/?f=x%2By+z%26", "http://a.org/?f=x%2By+z%26&amp;embed=true"],
  ['http://a.org/?f="><b', "http://a.org/?f=&quot;&gt;&lt;b&amp;embed=true"],
]) {
  test(`a frame shows ${link}`, () =>
    assert.equal(iframeLine(link, "Descent playground"), `<iframe src="${src}" ${REST}`));
}

test("a title ends no attribute", () =>
  assert.ok(iframeLine("a", 'x" onload="y" & <b>').includes(' title="x&quot; onload=&quot;y&quot; &amp; &lt;b&gt;" ')));
