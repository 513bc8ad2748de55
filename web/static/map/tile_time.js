// Of which time the tiles of a source are: the catalogue's address with a span of time or a day added to it.

// Tiles that are shown stay until the new ones are there: setTiles would clear the picture in between.
export function timeOf(gl, name, values) {
  const source = gl.getSource(name);
  if (!source) return;
  const plain = source.tiles[0].split("?")[0];
  const added = new URLSearchParams(values).toString();
  const address = added ? `${plain}?${added}` : plain;
  if (source.tiles[0] === address) return;
  source.tiles = [address];
  gl.refreshTiles(name);
}
