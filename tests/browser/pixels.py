"""What is on the screen, measured: pictures as arrays, and WCAG's contrast between them."""

import base64

import numpy as np

DECODE = """async (png) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    canvas.drawImage(bitmap, 0, 0);
    const { data } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
    let text = "";
    for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
    return [bitmap.height, bitmap.width, btoa(text)];
}"""


class Eyes:
    """Looks at a page; pictures are decoded in a page of their own, which the first one does not see."""

    def __init__(self, browser):
        self.decoder = browser.new_page()

    def close(self):
        self.decoder.close()

    def see(self, page, box=None):
        """The page, or a box of it (x, y, width, height), as linear luminances between 0 and 1."""
        options = {} if box is None else {"clip": dict(zip(("x", "y", "width", "height"), box, strict=True))}
        png = page.screenshot(animations="disabled", caret="initial", **options)
        height, width, data = self.decoder.evaluate(DECODE, base64.b64encode(png).decode())
        pixels = np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)
        return luminance(pixels[..., :3])


def luminance(rgb):
    """WCAG 2.2, relative luminance of colours in 0..255 along the last axis."""
    part = np.asarray(rgb) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def contrast(one, other):
    """WCAG 2.2, contrast ratio of two luminances."""
    lighter, darker = np.maximum(one, other), np.minimum(one, other)
    return (lighter + 0.05) / (darker + 0.05)


def changed(before, after, ratio=3.0):
    """How many pixels differ by this contrast."""
    return int(np.count_nonzero(contrast(before, after) >= ratio))
