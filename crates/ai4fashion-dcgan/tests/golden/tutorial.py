"""The networks, the optimizers and the step of PyTorch's DCGAN tutorial, in the layout of its `state_dict()`.

https://docs.pytorch.org/tutorials/beginner/dcgan_faces_tutorial.html; here logits leave the discriminator, and the
sigmoid is in the loss.
"""
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits as bce


class Net(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.main = nn.Sequential(*layers)

    def forward(self, x):
        return self.main(x)


class Generator(Net):
    def __init__(self, nz=100, ngf=64):
        layers = [nn.ConvTranspose2d(nz, ngf * 8, 4, 1, 0, bias=False)]
        for width in (ngf * 8, ngf * 4, ngf * 2, ngf):
            outputs = width // 2 if width > ngf else 3
            layers += [nn.BatchNorm2d(width), nn.ReLU(True), nn.ConvTranspose2d(width, outputs, 4, 2, 1, bias=False)]
        super().__init__(*layers, nn.Tanh())


class Discriminator(Net):
    def __init__(self, ndf=64):
        layers = [nn.Conv2d(3, ndf, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, True)]
        for width in (ndf, ndf * 2, ndf * 4):
            layers += [nn.Conv2d(width, width * 2, 4, 2, 1, bias=False), nn.BatchNorm2d(width * 2), nn.LeakyReLU(0.2, True)]
        super().__init__(*layers, nn.Conv2d(ndf * 8, 1, 4, 1, 0, bias=False))


class Training:
    """Both networks, and Adam for each."""

    def __init__(self, generator, discriminator, lr):
        self.generator, self.discriminator = generator, discriminator
        self.optimizers = [torch.optim.Adam(net.parameters(), lr=lr, betas=(0.5, 0.999)) for net in (generator, discriminator)]

    def step(self, real, noise):
        """Loss_D, Loss_G, D(x), and D(G(z)) before and after the discriminator's update."""
        of_generator, of_discriminator = self.optimizers
        ones, zeros = torch.ones(len(real)), torch.zeros(len(real))

        of_discriminator.zero_grad()
        on_real = self.discriminator(real).view(-1)
        loss_real = bce(on_real, ones)
        loss_real.backward()
        fake = self.generator(noise)
        on_fake = self.discriminator(fake.detach()).view(-1)
        loss_fake = bce(on_fake, zeros)
        loss_fake.backward()
        of_discriminator.step()

        of_generator.zero_grad()
        again = self.discriminator(fake).view(-1)
        loss_g = bce(again, ones)
        loss_g.backward()
        of_generator.step()

        probabilities = [torch.sigmoid(logits).mean().item() for logits in (on_real, on_fake, again)]
        return [(loss_real + loss_fake).item(), loss_g.item(), *probabilities]
