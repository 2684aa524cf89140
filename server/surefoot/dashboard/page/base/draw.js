// Asks for the page to be drawn again, once for all changes of one turn of the event loop.

let render = () => {};
let isDue = false;

export function onDraw(draw) {
  render = draw;
}

export function draw() {
  if (!isDue) {
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      render();
    });
  }
}
