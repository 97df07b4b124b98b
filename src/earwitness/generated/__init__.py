"""Generated requests: Schemathesis's command line as an engine, its exchanges and findings brought into the history."""

from earwitness.generated.generate import EngineFault, Generated, WithAllGenerated, generate
from earwitness.generated.read import Outcome, Result, read

__all__ = ["EngineFault", "Generated", "Outcome", "Result", "WithAllGenerated", "generate", "read"]
