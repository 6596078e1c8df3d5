"""The recorded graph as a value, and sweeps through it as sequences of steps.

`trace` and `graph_of` make a Graph of Nodes and Edges; `Graph.forward` and `Graph.reverse` give a Sweep of Steps;
`graph_hook` listens to everything that is recorded or accumulated.
"""

from autograd_lab.graph.graph import Graph
from autograd_lab.graph.hooks import graph_hook
from autograd_lab.graph.node import Constant, Edge, Node
from autograd_lab.graph.sweep import Cost, Step, Sweep
from autograd_lab.graph.trace import graph_of, trace

__all__ = ["Constant", "Cost", "Edge", "Graph", "Node", "Step", "Sweep", "graph_hook", "graph_of", "trace"]
