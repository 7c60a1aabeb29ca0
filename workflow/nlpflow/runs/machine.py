"""The machine that a model runs on: device, threads, random state, and a record of it."""

import os
import platform
import resource
from pathlib import Path
from typing import Any

import numpy as np
import torch

from nlpflow import VERSION
from nlpflow.errors import UserError

CPU_INFO = Path("/proc/cpuinfo")
DRIVER = Path("/sys/module/nvidia/version")


def set_up(device: str, threads: int, seed: int) -> torch.device:
    """Seed torch, set its thread count, and choose the device (`auto`, `cpu` or `cuda`)."""
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    if device == "cuda" and not torch.cuda.is_available():
        raise UserError(
            "training.device is 'cuda' but torch sees no GPU; set it to 'auto' or 'cpu'"
        )
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(device)


def describe(device: torch.device) -> dict[str, Any]:
    """Versions, device, threads and peak memory, for the run's record."""
    record = {
        "nlpflow": VERSION,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "device": device.type,
        "processor": processor(),
        "instructions": torch.backends.cpu.get_cpu_capability(),
        "visible_gpus": os.environ.get("CUDA_VISIBLE_DEVICES"),  # what a cluster gave the job
        "torch_threads": torch.get_num_threads(),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    if device.type == "cuda":
        record["gpu"] = torch.cuda.get_device_name(device)
        record["cuda"] = torch.version.cuda
        record["driver"] = DRIVER.read_text().strip() if DRIVER.is_file() else None
        record["peak_gpu_memory_mb"] = torch.cuda.max_memory_allocated(device) // 2**20
    return record


def processor() -> str:
    """The name of the processor, as far as the system tells it.

    Family and model number are added: a hypervisor may hide the generation in the name.
    """
    if not CPU_INFO.is_file():
        return platform.processor() or platform.machine()
    first, _, _ = CPU_INFO.read_text().partition("\n\n")
    lines = (line.partition(":") for line in first.splitlines())
    values = {key.strip(): value.strip() for key, _, value in lines}
    if "model name" not in values:
        return platform.processor() or platform.machine()
    numbers = [f"{key} {values[key]}" for key in ("cpu family", "model") if key in values]
    return ", ".join([values["model name"], *numbers])
