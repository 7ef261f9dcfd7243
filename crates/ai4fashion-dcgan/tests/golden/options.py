"""Networks and a step with options beyond the tutorial, beside tutorial.py.

- `upsampling` "nearest": `nn.Upsample` and 3x3 convolutions in place of transposed ones (Odena et al. 2016).
- `minibatch_std`: a channel with the deviation of groups (Karras et al. 2018, section 3). Four images in a row are a group,
  and the last group takes the rest.
- `loss` "hinge" (Miyato et al. 2018) or "relativistic" (Huang et al. 2024, `Trainer.py` of brownvc/R3GAN).
- `lecam`: Tseng et al. 2021, `lecam_reg` of google/lecam-gan, by the averages of the steps before.
"""
import torch
from torch import nn
from torch.nn.functional import relu, softplus
from tutorial import Discriminator, Generator, Net, Training

DECAY = 0.99


class NearestGenerator(Net):
    def __init__(self, nz=100, ngf=64):
        layers = [nn.ConvTranspose2d(nz, ngf * 8, 4, 1, 0, bias=False)]
        for width in (ngf * 8, ngf * 4, ngf * 2, ngf):
            outputs = width // 2 if width > ngf else 3
            layers += [nn.BatchNorm2d(width), nn.ReLU(True), nn.Upsample(scale_factor=2)]
            layers += [nn.Conv2d(width, outputs, 3, 1, 1, bias=False)]
        super().__init__(*layers, nn.Tanh())


class MinibatchStd(nn.Module):
    def forward(self, x):
        groups = max(1, len(x) // 4)
        parts = x.split([4] * (groups - 1) + [len(x) - 4 * (groups - 1)])
        deviations = [(part.var(0, unbiased=False) + 1e-8).sqrt().mean() for part in parts]
        channel = [value.expand(len(part), 1, *x.shape[2:]) for value, part in zip(deviations, parts)]
        return torch.cat([x, torch.cat(channel)], 1)


class DeviationDiscriminator(Net):
    def __init__(self, ndf=64):
        layers = list(Discriminator(ndf).main)[:-1]
        super().__init__(*layers, MinibatchStd(), nn.Conv2d(ndf * 8 + 1, 1, 4, 1, 0, bias=False))


def networks(nz, width, upsampling, minibatch_std):
    generator = NearestGenerator if upsampling == "nearest" else Generator
    discriminator = DeviationDiscriminator if minibatch_std else Discriminator
    return generator(nz, width), discriminator(width)


class OptionsTraining(Training):
    def __init__(self, generator, discriminator, lr, loss, lecam):
        super().__init__(generator, discriminator, lr)
        self.loss, self.lecam, self.averages = loss, lecam, None

    def of_discriminator(self, real, fake):
        if self.loss == "relativistic":
            return softplus(-(real - fake)).mean()
        if self.loss == "hinge":
            return relu(1 - real).mean() + relu(1 + fake).mean()
        return softplus(-real).mean() + softplus(fake).mean()

    def of_generator(self, real, fake):
        if self.loss == "relativistic":
            return softplus(-(fake - real)).mean()
        return -fake.mean() if self.loss == "hinge" else softplus(-fake).mean()

    def regularization(self, real, fake):
        """LeCam's term; moves the averages."""
        means = [real.mean().item(), fake.mean().item()]
        if self.averages is None:
            self.averages = means
            return 0
        of_real, of_fake = self.averages
        self.averages = [DECAY * before + (1 - DECAY) * now for before, now in zip(self.averages, means)]
        return self.lecam * (relu(real - of_fake).pow(2).mean() + relu(of_real - fake).pow(2).mean())

    def probabilities(self, real, fake):
        if self.loss == "relativistic":
            real, fake = real - fake, fake - real
        return [torch.sigmoid(logits).mean().item() for logits in (real, fake)]

    def step(self, real, noise):
        """Loss_D, Loss_G, D(x), and D(G(z)) before and after the discriminator's update."""
        of_generator, of_discriminator = self.optimizers
        of_discriminator.zero_grad()
        fake = self.generator(noise)
        on_real, on_fake = self.discriminator(real).view(-1), self.discriminator(fake.detach()).view(-1)
        loss_d = self.of_discriminator(on_real, on_fake)
        (loss_d + self.regularization(on_real, on_fake)).backward()
        of_discriminator.step()
        before = self.probabilities(on_real, on_fake)

        of_generator.zero_grad()
        on_real, on_fake = self.discriminator(real).view(-1).detach(), self.discriminator(fake).view(-1)
        loss_g = self.of_generator(on_real, on_fake)
        loss_g.backward()
        of_generator.step()
        return [loss_d.item(), loss_g.item(), *before, self.probabilities(on_real, on_fake)[1]]
