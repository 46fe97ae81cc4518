"use strict";
(function () {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const holder = document.getElementById("picture");
  const data = { nodes: new vis.DataSet(read("nodes")), edges: new vis.DataSet(read("edges")) };
  const network = new vis.Network(holder, data, read("options"));
  network.once("afterDrawing", () => {
    network.fit();
    document.documentElement.dataset.drawn = "yes";
  });
})();
